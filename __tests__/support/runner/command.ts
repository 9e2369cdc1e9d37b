// What an action says to the runner, read as actions/runner reads it (ActionCommand.cs, FileCommandManager.cs).

export interface Command {
  readonly name: string
  readonly properties: Readonly<Record<string, string>>
  readonly message: string
}

const known = new Set([
  'add-mask',
  'add-matcher',
  'add-path',
  'debug',
  'echo',
  'endgroup',
  'error',
  'group',
  'notice',
  'remove-matcher',
  'save-state',
  'set-env',
  'set-output',
  'stop-commands',
  'warning',
])

/** `::name key=value,key=value::message`, undefined when the line is not a command. */
export function parseCommand(line: string): Command | undefined {
  const [, name, properties = '', message] = /^\s*::([^ :]+)(?: (.*?))?::(.*)$/s.exec(line) ?? []
  if (name === undefined || message === undefined || !known.has(name.toLowerCase())) return undefined
  return { name: name.toLowerCase(), properties: parseProperties(properties), message: unescapeData(message) }
}

/** The format of the GITHUB_OUTPUT and GITHUB_STATE files: `name=value` or `name<<delimiter`, lines, `delimiter`. */
export function parseFileCommand(text: string): Record<string, string> {
  return Object.fromEntries(fileCommandEntries(text))
}

/** Every value in order; of a name that is set twice, the last one counts. */
export function fileCommandEntries(text: string): [name: string, value: string][] {
  const values: [name: string, value: string][] = []
  const lines = text.split('\n')
  for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
    if (line === '') continue
    const [, name, operator, rest] = /^(.*?)(=|<<)(.*)$/s.exec(line) ?? []
    if (!name || rest === undefined || (operator === '<<' && rest === '')) throw new Error(`Invalid format '${line}'`)
    values.push([name, operator === '=' ? rest : takeUntil(lines, rest)])
  }
  return values
}

function takeUntil(lines: string[], delimiter: string): string {
  const end = lines.indexOf(delimiter)
  if (end === -1) throw new Error(`Invalid value. Matching delimiter not found '${delimiter}'`)
  const value = lines.splice(0, end + 1).slice(0, -1)
  return value.join('\n')
}

function parseProperties(text: string): Record<string, string> {
  const pairs = text.split(',').flatMap((pair) => {
    const [, key, value] = /^([^=]+)=(.+)$/s.exec(pair.trim()) ?? []
    return key === undefined || value === undefined ? [] : [[key, unescapeProperty(value)] as const]
  })
  return Object.fromEntries(pairs)
}

function unescapeData(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%')
}

function unescapeProperty(text: string): string {
  return unescapeData(text.replaceAll('%3A', ':').replaceAll('%2C', ','))
}
