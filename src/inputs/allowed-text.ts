import type { InputRow } from './table/row.ts'

/** What the table allows for an input; undefined when it allows any text. */
export function allowedText(row: InputRow): string | undefined {
  switch (row.type) {
    case 'flag':
      return 'true, false'
    case 'choice':
      return row.choices.join(', ')
    case 'duration':
      return `${row.positive ? 'a number' : '0, or a number'} with a unit, for example 90s, 5m, 12h, 30d`
    case 'count':
      return `a whole number from 1 to ${row.max}`
    case 'endpoint':
      return 'an https URL, for example https://api.example.com, or an http URL of a loopback address'
    case 'pem':
      return 'PEM text that starts with -----BEGIN CERTIFICATE-----, or its base64, and not the path of a file'
    default:
      return row.allowed
  }
}
