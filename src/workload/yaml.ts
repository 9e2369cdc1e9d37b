import { EVENT_ID, type Event, getScalarValue, SCALAR_STYLE } from 'js-yaml'
import { isRawJson } from '../core/json.ts'
import { type ParsedStream, parseStream } from './flow-indentation.ts'
import { resolveScalar } from './yaml-scalar.ts'

/** A document of a YAML stream, as JSON has it. */
export interface YamlDocument {
  readonly value: unknown
  /** The line of its first node, from 1. */
  readonly line: number
  /** Its texts, with their places; those of an alias count where the anchor is. */
  readonly texts: readonly YamlText[]
  readonly duplicates: readonly DuplicateKey[]
}

/** A text that stands on the lines of its key: plain or quoted, not a block scalar. */
export interface YamlText {
  /** The keys and indexes that lead to it. */
  readonly path: readonly string[]
  readonly text: string
  readonly line: number
}

/** A key that a mapping has more than once: its last value counts. */
export interface DuplicateKey {
  readonly key: string
  readonly line: number
}

/** The reason of the error for `image: {{ .Values.image }}`, which is a mapping with a mapping as its key. */
export const UNRENDERED = 'it contains a template that was not rendered'

/** The text is not valid YAML, or its value is not valid JSON. */
export class YamlError extends Error {
  override readonly name = 'YamlError'
  /** From 1. */
  readonly line: number | undefined
  /** From 1; undefined when the documents could not be separated. */
  readonly document: number | undefined

  constructor(reason: string, line?: number, document?: number) {
    super(reason)
    this.line = line
    this.document = document
  }
}

/**
 * Reads YAML as kubectl does, which converts each document to JSON: https://github.com/kubernetes-sigs/yaml. It reads
 * scalars by YAML 1.1, and takes the last one of duplicate keys. js-yaml parses; its own constructor refuses or resolves
 * these in other ways.
 * @throws YamlError
 */
export function parseYaml(source: string): YamlDocument[] {
  return new Composer(parse(source)).documents()
}

function parse(source: string): ParsedStream {
  try {
    return parseStream(source)
  } catch (error) {
    const { reason = 'it cannot be parsed', mark } = error as { reason?: string; mark?: { line: number } }
    throw new YamlError(reason, mark && mark.line + 1)
  }
}

/** Limits what merge keys copy. */
const MAX_MERGED_KEYS = 500_000
/** How far from its key a template in a comment may start. */
const MAX_COMMENT_START = 200

type Path = readonly string[]
type Mapping = Record<string, unknown>

class Composer {
  readonly #source: string
  readonly #events: readonly Event[]
  readonly #documents: YamlDocument[] = []
  #index = 0
  #anchors = new Map<string, unknown>()
  #texts: YamlText[] = []
  #duplicates: DuplicateKey[] = []
  #merged = 0
  /** How many lines end before an offset, so each line is counted once. */
  #counted = { offset: 0, lines: 1 }

  constructor({ source, events }: ParsedStream) {
    this.#source = source
    this.#events = events
  }

  documents(): YamlDocument[] {
    while (this.#index < this.#events.length) {
      this.#index++
      this.#anchors = new Map()
      this.#texts = []
      this.#duplicates = []
      const line = this.#lineAt(startOf(this.#events[this.#index]))
      let value: unknown
      while (!this.#isEnd()) value = this.#node([])
      this.#index++
      this.#documents.push({ value, line, texts: this.#texts, duplicates: this.#duplicates })
    }
    return this.#documents
  }

  #node(path: Path): unknown {
    const event = this.#events[this.#index++]
    switch (event?.type) {
      case EVENT_ID.SCALAR:
        return this.#anchored(event, this.#scalar(event, path))
      case EVENT_ID.SEQUENCE:
        return this.#anchored(event, this.#sequence(event, path))
      case EVENT_ID.MAPPING:
        return this.#anchored(event, this.#mapping(event, path))
      case EVENT_ID.ALIAS: {
        const name = this.#source.slice(event.anchorStart, event.anchorEnd)
        if (!this.#anchors.has(name)) throw this.#error(`alias *${name} has no anchor before it`, event)
        return this.#anchors.get(name)
      }
      default:
        throw new YamlError('it cannot be parsed')
    }
  }

  #anchored(event: Extract<Event, { anchorStart: number; tagStart: number }>, value: unknown): unknown {
    if (event.anchorStart >= 0) this.#anchors.set(this.#source.slice(event.anchorStart, event.anchorEnd), value)
    return value
  }

  #scalar(event: Extract<Event, { type: typeof EVENT_ID.SCALAR }>, path: Path): unknown {
    const text = getScalarValue(this.#source, event)
    const isBlock = event.style === SCALAR_STYLE.LITERAL_BLOCK || event.style === SCALAR_STYLE.FOLDED_BLOCK
    if (!isBlock && text !== '') this.#texts.push({ path, text, line: this.#lineAt(startOf(event)) })
    try {
      return resolveScalar({ text, tag: this.#tagOf(event), isPlain: event.style === SCALAR_STYLE.PLAIN })
    } catch (error) {
      throw this.#error((error as Error).message, event)
    }
  }

  #sequence(event: Extract<Event, { type: typeof EVENT_ID.SEQUENCE }>, path: Path): unknown[] {
    this.#requireTag(event, '!!seq')
    const items: unknown[] = []
    while (!this.#isEnd()) items.push(this.#node([...path, String(items.length)]))
    this.#index++
    return items
  }

  #mapping(event: Extract<Event, { type: typeof EVENT_ID.MAPPING }>, path: Path): Mapping {
    this.#requireTag(event, '!!map')
    const mapping: Mapping = {}
    const own = new Set<string>()
    while (!this.#isEnd()) {
      const keyEvent = this.#events[this.#index]
      if (keyEvent !== undefined && this.#isMergeKey(keyEvent)) {
        this.#index++
        this.#merge(mapping, keyEvent, this.#node([...path, '<<']))
        continue
      }
      const key = this.#key(keyEvent, this.#node([...path, '?']))
      if (own.has(key)) this.#duplicates.push({ key, line: this.#lineAt(startOf(keyEvent)) })
      own.add(key)
      const value = this.#node([...path, key])
      if (value === null) this.#addTemplateComment([...path, key], startOf(keyEvent))
      define(mapping, key, value)
    }
    this.#index++
    return mapping
  }

  /** The `#{TAG}#` of Azure DevOps is a comment where nothing is before it. */
  #addTemplateComment(path: Path, start: number): void {
    const [line = ''] = this.#source.slice(start, start + MAX_COMMENT_START).split(/[\r\n]/, 1)
    const text = /:\s+(#\{.*)/.exec(line)?.[1]
    if (text !== undefined) this.#texts.push({ path, text, line: this.#lineAt(start) })
  }

  #key(event: Event | undefined, value: unknown): string {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value)
    if (isRawJson(value)) return JSON.stringify(value)
    const start = startOf(event)
    if (this.#source.slice(start - 1, start + 1) === '{{') throw this.#error(UNRENDERED, event)
    throw this.#error('a key must be a text, a number or a boolean', event)
  }

  #isMergeKey(event: Event): boolean {
    return (
      event.type === EVENT_ID.SCALAR &&
      event.style === SCALAR_STYLE.PLAIN &&
      event.tagStart < 0 &&
      getScalarValue(this.#source, event) === '<<'
    )
  }

  /** Unlike YAML says, a merge overrides the keys before it. Of a list, the first mapping wins. */
  #merge(mapping: Mapping, event: Event, source: unknown): void {
    const sources = Array.isArray(source) ? source.toReversed() : [source]
    for (const one of sources) {
      if (typeof one !== 'object' || one === null || Array.isArray(one))
        throw this.#error('<< must be followed by a mapping or a list of mappings', event)
      const entries = Object.entries(one)
      this.#merged += entries.length
      if (this.#merged > MAX_MERGED_KEYS) throw this.#error('its merge keys copy too many keys', event)
      for (const [key, value] of entries) define(mapping, key, value)
    }
  }

  #requireTag(event: Extract<Event, { tagStart: number }>, allowed: string): void {
    const tag = this.#tagOf(event)
    if (tag !== '' && tag !== '!' && tag !== allowed) throw this.#error(`the tag ${tag} is unknown`, event)
  }

  #tagOf({ tagStart, tagEnd }: { tagStart: number; tagEnd: number }): string {
    return tagStart < 0 ? '' : this.#source.slice(tagStart, tagEnd)
  }

  #isEnd(): boolean {
    return this.#events[this.#index]?.type === EVENT_ID.POP
  }

  #error(reason: string, event: Event | undefined): YamlError {
    return new YamlError(reason, this.#lineAt(startOf(event)), this.#documents.length + 1)
  }

  #lineAt(offset: number): number {
    const start = offset < this.#counted.offset ? { offset: 0, lines: 1 } : this.#counted
    const passed = this.#source.slice(start.offset, offset).split('\n').length - 1
    this.#counted = { offset, lines: start.lines + passed }
    return this.#counted.lines
  }
}

/** Also for a key like `__proto__`. */
function define(mapping: Mapping, key: string, value: unknown): void {
  Object.defineProperty(mapping, key, { value, enumerable: true, configurable: true, writable: true })
}

/** The offset of an event; 0 when it has none. */
function startOf(event: Event | undefined): number {
  if (event === undefined) return 0
  const offsets = 'start' in event ? [event.start] : 'valueStart' in event ? [event.valueStart] : []
  const anchor = 'anchorStart' in event ? [event.anchorStart] : []
  return [...offsets, ...anchor].find((offset) => offset >= 0) ?? 0
}
