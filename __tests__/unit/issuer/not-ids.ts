/** Texts that are not token ids, and what a URL could make of them. */
export const NOT_IDS = [
  '',
  // A URL drops these from its path.
  '.',
  '..',
  '...',
  '.a',
  '-a',
  '_a',
  '../tokens',
  'a/lock',
  'a\\b',
  '?secondaryOwner=',
  'a?b',
  '#',
  'a#b',
  '/',
  '%2e%2e',
  'a%2fb',
  ' ',
  'a b',
  'a\n',
  'a\nb',
  'a\0',
  'é',
  'а', // Cyrillic
  'x'.repeat(129),
]
