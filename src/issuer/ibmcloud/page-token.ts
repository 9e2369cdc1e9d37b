import { asText } from '../../core/json.ts'

/** The link to the next page is absolute. Only its page token is used, so the access token goes to our endpoint only. */
export function pageTokenOf(link: unknown): string | undefined {
  const url = asText(link)
  if (url === undefined || !URL.canParse(url, 'https://host')) return undefined
  return new URL(url, 'https://host').searchParams.get('pagetoken') ?? undefined
}
