// The log of a step as a person sees it on GitHub: commands rendered, groups indented, masked values as ***.
import { type Command, parseCommand } from './command.ts'
import { SecretMasker } from './secret-masker.ts'

export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice'
  readonly message: string
  readonly properties: Readonly<Record<string, string>>
}

export class RunnerLog {
  /** Errors and warnings. */
  readonly annotations: Annotation[] = []
  readonly notices: Annotation[] = []
  /** What `::add-mask::` added. */
  readonly masks: string[] = []
  /** `::set-output::` and `::save-state::`: deprecated, and still obeyed by the runner. */
  readonly outputs: Record<string, string> = {}
  readonly state: Record<string, string> = {}

  readonly #lines: string[] = []
  readonly #debugLines: string[] = []
  readonly #masker = new SecretMasker()
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

  /** The messages of `::debug::`, masked, also where the log does not show them. */
  get debugText(): string {
    return this.#debugLines.map((line) => `${line}\n`).join('')
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
        this.masks.push(...this.#masker.addMask(message))
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
        this.#debugLines.push(this.#masker.maskSecrets(message))
        if (this.#debug) this.#print(`Debug: ${message}`)
        break
      case 'error':
      case 'warning':
      case 'notice':
        ;(name === 'notice' ? this.notices : this.annotations).push({ level: name, message, properties })
        this.#print(`${name[0]?.toUpperCase()}${name.slice(1)}: ${message}`)
    }
  }

  #print(text: string): void {
    for (const line of text.split('\n')) {
      const masked = this.#indent + this.#masker.maskSecrets(line)
      this.#lines.push(masked)
      this.#write(masked)
    }
  }
}

/** A text as it would be in a log after these masks. */
export function applyMasks(text: string, masks: readonly string[]): string {
  const masker = new SecretMasker()
  for (const mask of masks) masker.addMask(mask)
  return masker.maskSecrets(text)
}
