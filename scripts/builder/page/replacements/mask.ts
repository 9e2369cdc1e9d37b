// The page reads no secret, so it masks none.

export function maskProvided(secret: string): string {
  return secret
}
