// What tests read from a page in GitHub's Markdown.

/** The headings of a page outside code blocks, each with the text up to the next one. */
export function headingsOf(markdown: string) {
  const text = markdown.replace(/^```[\s\S]*?^```$/gm, '')
  return [...text.matchAll(/^(#{1,6}) (.+)\n([\s\S]*?)(?=^#{1,6} |$(?![\s\S]))/gm)].map(
    ([, marks = '', heading = '', body = '']) => ({ level: marks.length, text: heading, body }),
  )
}

/** As GitHub makes it: lower case, punctuation dropped, spaces as hyphens. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}\p{Pc} -]/gu, '')
    .replaceAll(' ', '-')
}

/** The links of a page to files and headings of this repository, each once. */
export function linksOf(markdown: string): string[] {
  return [...new Set([...markdown.matchAll(/\]\(((?!https?:)[^)\s]+)\)/g)].map(([, link = '']) => link))]
}

/** The code blocks of a language, without the indentation of their fence. */
export function codeBlocksOf(markdown: string, language: string): string[] {
  const fence = new RegExp(`^( *)\`\`\`${language}\\n([\\s\\S]*?)^ *\`\`\`$`, 'gm')
  return [...markdown.matchAll(fence)].map(([, indent = '', text = '']) =>
    text.replace(new RegExp(`^${indent}`, 'gm'), ''),
  )
}
