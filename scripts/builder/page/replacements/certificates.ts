/** @returns the text when it looks like certificates: only the action can read them */
export function certificatesIn(value: string): string | undefined {
  return value.startsWith('-----BEGIN CERTIFICATE-----') ? value : undefined
}
