/** Putting a text where it can be pasted from, also where the page came over plain HTTP. */

export async function copied(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = document.createElement('textarea');
    field.value = text;
    document.body.append(field);
    field.select();
    document.execCommand('copy'); // the only way where the page is not trusted with a clipboard
    field.remove();
  }
}
