/** The SHA-256 of a text or of bytes, in hex. `node:crypto` takes long to load, and not every run needs it. */
export function sha256(content: string | Uint8Array): string {
  const { createHash } = process.getBuiltinModule('node:crypto')
  return createHash('sha256').update(content).digest('hex')
}
