"""What taking secrets out costs: of an output of 10 MB, and of the texts of an ordinary cell.

In seconds of the processor, which other programs on the machine change less. Outputs are cut to
``output_limit_bytes`` before they are looked through: a cell meets the first figure in part only.
"""

import base64
import random
import statistics
import time

from nbmlops.redaction.redactor import Redactor

_BYTES = 10_000_000
_CELL = """\
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=seed)
model = LogisticRegression(C=C, max_iter=5000).fit(X_train, y_train)
accuracy = model.score(X_test, y_test)
roc_auc = roc_auc_score(y_test, model.predict_proba(X_test)[:, 1])  # {number}
"""


def outputs() -> dict[str, str]:
    """Return texts of 10 MB, as cells show them."""
    draw = random.Random(0)
    log = "".join(
        f"epoch {n} loss={draw.random():.6f} acc={draw.random():.4f}\n" for n in range(9000)
    )
    rows = "".join(f"<tr><th>{n}</th><td>{draw.random():.6f}</td></tr>\n" for n in range(9000))
    image = base64.b64encode(draw.randbytes(300_000)).decode()
    words = "the next token of the key author passes a secret pattern, signed\n" * 5000
    return {
        name: (text * (_BYTES // len(text) + 1))[:_BYTES]
        for name, text in (
            ("a log", log), ("a table in HTML", rows), ("an image in base64", image),
            ("prose about tokens", words),
        )
    }  # fmt: skip


def _seconds(redact: Redactor, text: str, *, is_code: bool = False) -> float:
    start = time.process_time()
    redact(text, is_code=is_code)
    return time.process_time() - start


def main() -> None:
    """Print the figures."""
    print("Redaction (processor time)")
    for name, text in outputs().items():
        seconds = _seconds(Redactor(), text)
        print(f"  10 MB of {name:<22} {_BYTES / 1e6 / seconds:8.1f} MB/s")
    for count in (0, 20, 200):
        redact = Redactor()
        for number in range(count):
            redact.learn(f"tr0ub4dor&{number}x9{number}", "password")
        cells = [_CELL.format(number=number) for number in range(300)]
        took = [_seconds(redact, cell, is_code=True) for cell in cells]
        print(f"  a new cell, {count:>3} known secrets {statistics.mean(took) * 1e6:13.1f} µs")


if __name__ == "__main__":
    main()
