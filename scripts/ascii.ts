// A file of `dist` that has a character beyond Latin-1 would take two bytes of memory for each of its characters.
import type { Plugin } from 'rolldown'

/** How the characters that are there read in ASCII. */
const IN_ASCII: Readonly<Record<string, string>> = { '…': '...', '—': '-', '–': '-', '→': '->', '§': 'section ' }

/** Writes comments in ASCII. In code, `charset: 'ascii'` of the bundler escapes all other characters. */
export function asciiComments(): Plugin {
  return {
    name: 'ascii-comments',
    renderChunk: (code) => code.replace(/[^\0-\x7f]/gu, (character) => IN_ASCII[character] ?? '?'),
  }
}
