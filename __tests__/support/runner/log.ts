// The log of a step as a person sees it on GitHub: commands rendered, groups indented, masked values as ***.
import { type Command, parseCommand } from './command.ts'

export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice'
  readonly message: string
  readonly properties: Readonly<Record<string, string>>
}

export class RunnerLog {
  readonly annotations: Annotation[] = []
  readonly masks: string[] = []
  /** `::set-output::` and `::save-state::`: deprecated, and still obeyed by the runner. */
  readonly outputs: Record<string, string> = {}
  readonly state: Record<string, string> = {}

  readonly #lines: string[] = []
  readonly #write: (line: string) => void
  readonly #debug: boolean
  #indent = ''
  #resume: string | undefined

  constructor(options: { readonly debug: boolean; readonly onLine?: ((line: string) => void) | undefined }) {
    this.#debug = options.debug
    this.#write = options.onLine ?? (() => {})
  }

  get text(): string {
    return this.#lines.map((line) => `${line}\n`).join('')
  }

  /** One line of the step's standard output or error. */
  add(line: string): void {
    if (this.#resume !== undefined) {
      if (line.trim() === `::${this.#resume}::`) this.#resume = undefined
      else this.#print(line)
      return
    }
    const command = parseCommand(line)
    if (command === undefined) this.#print(line)
    else this.#obey(command)
  }

  #obey({ name, message, properties }: Command): void {
    switch (name) {
      case 'add-mask':
        this.masks.push(...[message, ...message.split(/[\r\n]/)].filter((value) => value.trim() !== ''))
        break
      case 'stop-commands':
        this.#resume = message
        break
      case 'set-output':
        this.outputs[properties.name ?? ''] = message
        break
      case 'save-state':
        this.state[properties.name ?? ''] = message
        break
      case 'group':
        this.#print(message)
        this.#indent = '  '
        break
      case 'endgroup':
        this.#indent = ''
        break
      case 'debug':
        if (this.#debug) this.#print(`Debug: ${message}`)
        break
      case 'error':
      case 'warning':
      case 'notice':
        this.annotations.push({ level: name, message, properties })
        this.#print(`${name[0]?.toUpperCase()}${name.slice(1)}: ${message}`)
    }
  }

  #print(text: string): void {
    for (const line of text.split('\n')) {
      const masked = this.#indent + applyMasks(line, this.masks)
      this.#lines.push(masked)
      this.#write(masked)
    }
  }
}

/** Overlapping and touching secrets become one `***`, as in the runner's SecretMasker. */
export function applyMasks(text: string, masks: readonly string[]): string {
  const ranges = [...new Set(masks.flatMap(encodings))]
    .flatMap((secret) => occurrences(text, secret))
    .sort((a, b) => a.start - b.start)
  let masked = ''
  let end = -1
  for (const range of ranges) {
    if (range.start > end) masked += `${text.slice(Math.max(end, 0), range.start)}***`
    end = Math.max(end, range.end)
  }
  return masked + text.slice(Math.max(end, 0))
}

/** The runner's value encoders: base64 at each of the three alignments, JSON, URI, XML, without double quotes. */
function encodings(secret: string): string[] {
  const bytes = Buffer.from(secret)
  return [
    secret,
    ...[0, 1, 2].map((shift) => bytes.subarray(shift).toString('base64')),
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`),
    secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
    secret.replace(/^"(.*)"$/s, '$1'),
  ].filter((encoded) => encoded !== '')
}

function occurrences(text: string, secret: string): { start: number; end: number }[] {
  const found = []
  for (let start = text.indexOf(secret); start !== -1; start = text.indexOf(secret, start + 1)) {
    found.push({ start, end: start + secret.length })
  }
  return found
}
