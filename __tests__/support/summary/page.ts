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

const BACKGROUNDS: Readonly<Record<Theme, string>> = { light: '#ffffff', dark: '#0d1117' }

/** A page with the summary in the column in which GitHub shows it. */
export function pageOf(markdown: string, theme: Theme): string {
  const style = createRequire(import.meta.url).resolve(`github-markdown-css/github-markdown-${theme}.css`)
  return `<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<style>${readFileSync(style, 'utf8')}
body { margin: 0; padding: 24px; background: ${BACKGROUNDS[theme]}; }
.markdown-body { max-width: 1012px; margin: 0 auto; font-size: 14px; }
blockquote.markdown-alert { color: inherit; }
</style><article class="markdown-body">${renderMarkdown(markdown)}</article>`
}
