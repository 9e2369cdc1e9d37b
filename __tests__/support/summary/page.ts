// A job summary as GitHub renders it: GitHub Flavored Markdown, alerts, and the style sheet of github.com.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { micromark } from 'micromark'
import { gfm, gfmHtml } from 'micromark-extension-gfm'

export type Theme = 'light' | 'dark'

/** The HTML of GitHub Flavored Markdown. GitHub allows the tags of `details` and `br`. */
export function renderMarkdown(markdown: string): string {
  const html = micromark(markdown, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true })
  return html.replace(ALERT, (_, kind: string) => {
    const name = kind.toLowerCase()
    const title = kind.slice(0, 1) + kind.slice(1).toLowerCase()
    return `<blockquote class="markdown-alert markdown-alert-${name}"><p class="markdown-alert-title">${title}</p><p>`
  })
}

/** https://docs.github.com/en/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax#alerts */
const ALERT = /<blockquote>\s*<p>\[!(CAUTION|NOTE|WARNING)\]\n/g

const LIGHT = 'body { background: #ffffff; }'
const DARK = 'body { background: #0d1117; }'

/** The style sheet of github.com and the background of its pages. */
const STYLES: Readonly<Record<Theme | 'system', readonly [sheet: string, background: string]>> = {
  light: ['github-markdown-light.css', LIGHT],
  dark: ['github-markdown-dark.css', DARK],
  system: ['github-markdown.css', `${LIGHT} @media (prefers-color-scheme: dark) { ${DARK} }`],
}

/** A page with the summary in the column in which GitHub shows it. `system`: light or dark, as the browser prefers. */
export function pageOf(markdown: string, theme: Theme | 'system'): string {
  const [sheet, background] = STYLES[theme]
  const style = createRequire(import.meta.url).resolve(`github-markdown-css/${sheet}`)
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Job summary</title>
<style>${readFileSync(style, 'utf8')}
body { margin: 0; padding: 24px; }
${background}
.markdown-body { max-width: 1012px; margin: 0 auto; font-size: 14px; }
blockquote.markdown-alert { color: inherit; }
</style><article class="markdown-body">${renderMarkdown(markdown)}</article>`
}
