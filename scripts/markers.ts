/** Replaces what is between two markers. @throws Error when a marker is missing */
export function betweenMarkers(text: string, [start, end]: readonly [string, string], content: string): string {
  const [from, to] = [text.indexOf(start), text.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`The markers "${start}" and "${end}" are missing`)
  return `${text.slice(0, from + start.length)}${content}${text.slice(to)}`
}
