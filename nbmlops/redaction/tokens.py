"""What the tokens and keys of common services look like.

A rule has a text that every match holds (`anchor`, looked for first, which is all that most texts
cost), and a pattern. The patterns are those that the services document, and those of Yelp's
detect-secrets and of gitleaks, made to stop at the end of the token. detect-secrets itself is not
used: it takes 0.5 ms a line, 0.1 s to import, and loads an HTTP client.
"""

import re
import string
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

_END = r"(?![A-Za-z0-9])"
_ALPHANUMERIC = frozenset(string.ascii_letters + string.digits)
# Signs that end in a letter or a digit and are part of no word.
_ESCAPE = re.compile(
    r"(?:\\[nrtbfv0]|%[0-9A-Fa-f]{2}|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|\x1b\[[\d;]*m)\Z"
)


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of secret that tells by itself; group 1 is the secret, where there is one.

    Where ``not_behind`` has the sign before a match it is none. That is no look-behind of the
    pattern, with which nothing would be skipped in a search.
    """

    kind: str
    anchors: tuple[str, ...]
    pattern: str
    not_behind: frozenset[str] = frozenset()
    flags: int = 0


def _rule(kind: str, anchors: str, pattern: str, flags: int = 0) -> Rule:
    return Rule(kind, tuple(anchors.split()), pattern, flags=flags)


def _token(kind: str, anchors: str, pattern: str) -> Rule:
    """Make a rule for what stands alone, or behind an underscore."""
    return Rule(kind, tuple(anchors.split()), f"(?:{pattern}){_END}", _ALPHANUMERIC)


def _word(kind: str, anchors: str, pattern: str) -> Rule:
    """Make a rule for what is a word of its own."""
    return replace(_token(kind, anchors, pattern), not_behind=_ALPHANUMERIC | {"_", "-"})


_PEM_BODY = r"(?:(?!-----).){20,20000}?"

# Inside of one run of signs that stand in tokens.
_TOKENS = (
    _token("age key", "AGE-SECRET-KEY-1", r"AGE-SECRET-KEY-1[0-9A-Z]{40,}"),
    _token("AWS key", "AKIA ASIA ABIA ACCA A3T",
           r"(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}"),
    _token("AWS Bedrock key", "ABSK", r"ABSK[A-Za-z0-9+/]{80,}=*"),
    _token("Google API key", "AIza", r"AIza[A-Za-z0-9_\-]{35}"),
    _rule("Google OAuth secret", "GOCSPX-", r"GOCSPX-[A-Za-z0-9_\-]{20,}"),
    _rule("Google OAuth token", "ya29.", r"ya29\.[A-Za-z0-9_\-.]{20,}"),
    _rule("GitHub token", "ghp_ gho_ ghu_ ghs_ ghr_", r"gh[pousr]_[A-Za-z0-9]{36,255}"),
    _rule("GitHub token", "github_pat_", r"github_pat_[A-Za-z0-9_]{30,255}"),
    _rule(
        "GitLab token",
        "glpat- gldt- glft- glsoat- glrt- glcbt- glimt- glptt- glagent- gloas- GR1348941",
        r"(?:gl(?:pat|dt|ft|soat|rt|cbt|imt|ptt|agent|oas)-|GR1348941)[A-Za-z0-9_\-.]{20,}",
    ),
    _token("Bitbucket token", "ATBB", r"ATBB[A-Za-z0-9]{24,}"),
    _rule("Atlassian token", "ATATT3", r"ATATT3[A-Za-z0-9_\-=]{50,}"),
    _rule("Slack token", "xoxb- xoxp- xoxa- xoxo- xoxs- xoxr- xoxe",
          r"xox[abopsre][.\-][\w.\-]{10,}"),
    _rule("Slack token", "xapp-", r"xapp-\d-[A-Z0-9]+-\d+-[a-f0-9]{20,}"),
    _rule("Slack webhook", "hooks.slack.com",
          r"hooks\.slack\.com/(?:services|workflows)/([\w/]{20,})"),
    _rule("Discord webhook", "/api/webhooks/",
          r"discord(?:app)?\.com/api/webhooks/(\d+/[\w\-]{30,})"),
    _word("Discord token", ".", r"[MNO][A-Za-z\d_\-]{23,25}\.[A-Za-z\d_\-]{6}\."
          r"[A-Za-z\d_\-]{27,38}(?![\w.\-])"),
    _rule("Teams webhook", "webhook.office.com", r"webhook\.office\.com/(webhookb2/[\w@\-/]{36,})"),
    _rule("Stripe key", "sk_live_ sk_test_ rk_live_ rk_test_ whsec_",
          r"(?:[sr]k_(?:live|test)_|whsec_)[A-Za-z0-9]{16,}"),
    _rule("Square token", "sq0csp- sq0atp-", r"sq0(?:csp|atp)-[A-Za-z0-9_\-]{22,}"),
    _rule("PayPal token", "access_token$production$",
          r"access_token\$production\$[a-z0-9]{16}\$[a-f0-9]{32}"),
    _rule("Anthropic key", "sk-ant-", r"sk-ant-[A-Za-z0-9_\-]{20,}"),
    _rule("OpenRouter key", "sk-or-", r"sk-or-(?:v\d-)?[A-Za-z0-9]{20,}"),
    _rule("OpenAI key", "sk-proj- sk-svcacct- sk-admin- sk-None-",
          r"sk-(?:proj|svcacct|admin|None)-[A-Za-z0-9_\-]{20,}"),
    _word("OpenAI key", "sk-", r"sk-(?=[A-Za-z0-9]*\d)(?=[A-Za-z0-9]*[A-Z])[A-Za-z0-9]{32,}"),
    _word("API key", "sk-", r"sk-[0-9a-f]{32}(?![A-Za-z0-9])"),
    _rule("NVIDIA key", "nvapi-", r"nvapi-[A-Za-z0-9_\-]{40,}"),
    _word("Hugging Face token", "hf_", r"(?:hf_|api_org_)[A-Za-z]{30,}(?![A-Za-z])"
          r"|hf_(?=\w*\d)[A-Za-z0-9]{30,}"),
    _word("Replicate token", "r8_", r"r8_[A-Za-z0-9]{37,}"),
    _word("Groq key", "gsk_", r"gsk_[A-Za-z0-9]{40,}"),
    _word("xAI key", "xai-", r"xai-[A-Za-z0-9]{60,}"),
    _word("Perplexity key", "pplx-", r"pplx-[A-Za-z0-9]{40,}"),
    _word("Tavily key", "tvly-", r"tvly-[A-Za-z0-9\-]{24,}"),
    _rule("LangSmith key", "lsv2_", r"lsv2_(?:pt|sk)_[a-f0-9]{32}_[a-f0-9]{10}"),
    _rule("Pinecone key", "pcsk_", r"pcsk_[A-Za-z0-9_]{40,}"),
    _rule("W&B key", "wandb_v1_", r"wandb_v1_[A-Za-z0-9_]{40,}"),
    _rule("Kaggle key", "KGAT_", r"KGAT_[a-f0-9]{32}"),
    _word("npm token", "npm_", r"npm_[A-Za-z0-9]{36}"),
    _rule("PyPI token", "pypi-AgE", r"pypi-AgE[A-Za-z0-9_\-]{50,}"),
    _rule("RubyGems token", "rubygems_", r"rubygems_[a-f0-9]{48}"),
    _rule("Docker token", "dckr_pat_", r"dckr_pat_[A-Za-z0-9_\-]{27,}"),
    _token("SendGrid key", "SG.", r"SG\.[A-Za-z0-9_\-]{16,32}\.[A-Za-z0-9_\-]{16,64}"),
    _token("Twilio key", "SK AC", r"(?:SK|AC)(?=[a-f]*\d)[0-9a-f]{32}"),
    _token("Mailgun key", "key-", r"key-[0-9a-f]{32}"),
    _token("Mailchimp key", "-us", r"[0-9a-f]{32}-us\d{1,2}"),
    _word("Telegram token", ":AA", r"\d{8,10}:AA[A-Za-z0-9_\-]{32,34}(?![\w\-])"),
    _token("Databricks token", "dapi", r"dapi[0-9a-f]{32}(?:-\d)?(?![A-Za-z0-9])"),
    _rule("DigitalOcean token", "dop_v1_ doo_v1_ dor_v1_", r"do[opr]_v1_[a-f0-9]{64}"),
    _rule("Shopify token", "shpat_ shpss_ shpca_ shppa_", r"shp(?:at|ss|ca|pa)_[a-fA-F0-9]{32}"),
    _word("HashiCorp token", "hvs. hvb.", r"hv[sb]\.[A-Za-z0-9_\-]{24,}"),
    _rule("Terraform token", ".atlasv1.", r"[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_\-]{60,}"),
    _word("Grafana token", "glsa_ glc_", r"(?:glsa_[A-Za-z0-9]{32}_[a-fA-F0-9]{8}"
          r"|glc_[A-Za-z0-9+/]{32,}=*)"),
    _rule("New Relic key", "NRAK- NRRA- NRJS-", r"NR(?:AK|RA|JS)-[A-Za-z0-9]{19,42}"),
    _rule("Sentry token", "sntrys_ sntryu_", r"sntry[su]_[A-Za-z0-9+/=_]{40,}"),
    _rule("Linear key", "lin_api_", r"lin_api_[A-Za-z0-9]{40}"),
    _word("Notion token", "ntn_ secret_", r"(?:ntn_[A-Za-z0-9]{40,}|secret_[A-Za-z0-9]{43})"),
    _rule("Figma token", "figd_", r"figd_[A-Za-z0-9_\-]{38,}"),
    _token("Airtable token", "pat", r"pat[A-Za-z0-9]{14}\.[a-f0-9]{64}"),
    _rule("Postman key", "PMAK-", r"PMAK-[a-f0-9]{24}-[a-f0-9]{34}"),
    _word("Doppler token", "dp.", r"dp\.(?:pt|st|ct|sa|scim|audit)\.[A-Za-z0-9_.\-]{30,}"),
    _rule("PlanetScale token", "pscale_", r"pscale_(?:tkn|pw|oauth)_[A-Za-z0-9_\-.=]{30,}"),
    _rule("Supabase key", "sbp_ sb_secret_", r"(?:sbp_[a-f0-9]{40}|sb_secret_[A-Za-z0-9_\-]{20,})"),
    _word("Vercel token", "vercel_ vcp_", r"(?:vercel_blob_rw_|vcp_)[A-Za-z0-9_]{24,}"),
    _word("Prefect key", "pnu_ pnb_", r"pn[ub]_[A-Za-z0-9]{36}"),
    _rule("Azure key", "AccountKey= SharedAccessKey=",
          r"(?:AccountKey|SharedAccessKey)=([A-Za-z0-9+/]{40,88}={0,2})"),
    _token("Azure client secret", "Q~", r"[A-Za-z0-9_~.\-]{3}\dQ~[A-Za-z0-9_~.\-]{31,34}"),
    _word("JSON web token", "eyJ", r"eyJ[A-Za-z0-9_\-]{8,}\.eyJ[A-Za-z0-9_\-]{8,}"
          r"(?:\.[A-Za-z0-9_\-]{8,})?"),
    _rule("signed URL", "Signature=", r"(?:X-Amz-Signature|X-Goog-Signature)=([0-9a-f]{32,})"),
    _word("dbt token", "dbtc_ dbtu_", r"dbt[cu]_[A-Za-z0-9_\-]{30,}={0,2}"),
    _rule("Snowflake token", "ver:1-hint:", r"ver:1-hint:\d+-[A-Za-z0-9+/=]{20,}"),
)  # fmt: skip
# With spaces or quotes between what tells and the secret.
_BESIDE = (
    _rule(
        "private key",
        "PRIVATE",
        r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----"
        + _PEM_BODY
        + r"(?:-----END (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----|(?=-----)|\Z)",
        re.DOTALL,
    ),
    _rule("private key", "PuTTY-User-Key-File", r"Private-Lines: \d+\s+([A-Za-z0-9+/=\s]{20,})"),
    _rule(
        "AWS secret key",
        "aws AWS Aws",
        r"(?i:aws)[\w .\-]{0,30}(?i:secret|key|sk)[\w .\-\"']{0,20}?(?:[:=,]|=>|\s)\s*[\"']?"
        r"([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])",
    ),
    _rule("npm token", ":_authToken", r":_authToken\s*=\s*[\"']?([A-Za-z0-9_\-]{20,})"),
    _rule("token", "earer ", r"(?i:bearer)\s+((?=[A-Za-z_\-.~+/]*\d)[A-Za-z0-9_\-.~+/]{16,}=*)"),
    _rule("password", "asic ",
          r"(?i:authorization[\"']?\s*[:=,]\s*[\"']?basic)\s+([A-Za-z0-9+/]{8,}={0,2})"),
)  # fmt: skip
KINDS_OF_TOKENS = frozenset(rule.kind for rule in (*_TOKENS, *_BESIDE))
_RUN = re.compile(r"[A-Za-z0-9_\-.$~:/+=]{16,}")


def tokens_in(text: str) -> Iterator[tuple[int, int, str]]:
    """Give begin, end and kind of every token in a text."""
    runs = "\n".join(_RUN.findall(text))
    rules = [rule for rule in _TOKENS if _is_anchored(rule, runs)] if runs else []
    rules += [rule for rule in _BESIDE if _is_anchored(rule, text)]
    for rule in rules:
        for found in _compiled(rule.pattern, rule.flags).finditer(text):
            if not _is_joined(text, found.start(), rule.not_behind):
                begin, end = found.span(found.lastindex or 0)
                yield begin, end, rule.kind


@cache
def _compiled(pattern: str, flags: int) -> re.Pattern[str]:
    """Compile a pattern where a text may fit it: all of them would take 20 ms at each start."""
    return re.compile(pattern, flags)


def _is_anchored(rule: Rule, text: str) -> bool:
    for anchor in rule.anchors:  # noqa: SIM110, this is what every text costs
        if anchor in text:
            return True
    return False


def _is_joined(text: str, at: int, not_behind: frozenset[str]) -> bool:
    """Tell whether a match only ends a longer word."""
    if text[at - 1 : at] not in not_behind or at == 0:
        return False
    return _ESCAPE.search(text[max(at - 8, 0) : at]) is None
