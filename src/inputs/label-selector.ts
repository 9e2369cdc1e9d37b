import { asText } from '../core/json.ts'
import type { LabelSelector } from '../pull-secret/namespaces.ts'
import { KEY, LABEL_VALUE } from './grammar.ts'
import { quote } from './quote.ts'

/** A word, or a symbol. */
interface Token {
  readonly text: string
  /** Of its first character, from 1. */
  readonly position: number
}

const SYMBOLS = ['==', '!=', '=', '!', '(', ')', ',', '>', '<']

/** Whether an object has these labels. */
type Requirement = LabelSelector['matches']

/**
 * Parses a label selector as the API server does, and matches labels by it:
 * https://github.com/kubernetes/kubernetes/blob/master/staging/src/k8s.io/apimachinery/pkg/labels/selector.go
 * @throws Error that says what is wrong with it, as it reads after "but"
 */
export function parseSelector(text: string): LabelSelector {
  const tokens = tokensOf(text)
  const requirements = [parseRequirement(tokens)]
  while (tokens.length > 1) {
    expect(tokens, [','], 'a comma')
    requirements.push(parseRequirement(tokens))
  }
  return { text, matches: (labels) => requirements.every((isMet) => isMet(labels)) }
}

/** The next token is the last of the list; the one at the end of the text has no text. */
function tokensOf(selector: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < selector.length) {
    const symbol = SYMBOLS.find((one) => selector.startsWith(one, at))
    if (/\s/.test(selector[at] ?? '')) at++
    else {
      let end = at + (symbol?.length ?? 0)
      if (symbol === undefined) while (end < selector.length && !/[\s=!(),<>]/.test(selector[end] ?? '')) end++
      tokens.push({ text: selector.slice(at, end), position: at + 1 })
      at = end
    }
  }
  return [...tokens, { text: '', position: selector.length + 1 }].reverse()
}

/** `key`, `!key`, `key=value`, `key>1`, `key in (a,b)`. Those with a negation are met without the label as well. */
function parseRequirement(tokens: Token[]): Requirement {
  const isAbsent = tokens.at(-1)?.text === '!'
  if (isAbsent) tokens.pop()
  const { text: key, position } = expect(tokens, undefined, 'a label key')
  if (!KEY.test(key)) throw problem({ text: key, position }, 'is not a label key')
  const next = tokens.at(-1)?.text ?? ''
  if (isAbsent) return (labels) => !Object.hasOwn(labels, key)
  if (next === '' || next === ',') return (labels) => Object.hasOwn(labels, key)
  const { text: operator } = expect(
    tokens,
    ['=', '==', '!=', '>', '<', 'in', 'notin'],
    'one of =, !=, in, notin, <, > and a comma',
  )
  const isList = operator === 'in' || operator === 'notin'
  const values = isList ? parseValues(tokens) : [parseValue(tokens)]
  if (operator === '>' || operator === '<') return comparison(key, operator, values)
  const texts = values.map(({ text }) => text)
  const isEqual: Requirement = (labels) => Object.hasOwn(labels, key) && texts.includes(asText(labels[key]) ?? '')
  return operator === '!=' || operator === 'notin' ? (labels) => !isEqual(labels) : isEqual
}

function comparison(key: string, operator: '>' | '<', [value = END]: readonly Token[]): Requirement {
  if (!NUMBER.test(value.text))
    throw value.text === '' ? expected(value, 'a whole number') : problem(value, 'is not a whole number')
  return (labels) => {
    const label = asText(labels[key]) ?? ''
    const difference = NUMBER.test(label) ? Number(label) - Number(value.text) : 0
    return operator === '>' ? difference > 0 : difference < 0
  }
}

const NUMBER = /^\d+$/

/** `(a,b)`. Each of the values may be empty. */
function parseValues(tokens: Token[]): Token[] {
  expect(tokens, ['('], 'an opening parenthesis')
  const [first = END] = tokens.slice(-1)
  if (first.text === ')') throw expected(first, 'a value')
  const values = [parseValue(tokens, ')')]
  while (tokens.at(-1)?.text === ',') {
    tokens.pop()
    values.push(parseValue(tokens, ')'))
  }
  expect(tokens, [')'], 'a comma or a closing parenthesis')
  return values
}

/** A word, or nothing. */
function parseValue(tokens: Token[], end = ''): Token {
  const token = tokens.at(-1) ?? END
  if (token.text === end || token.text === ',') return { ...token, text: '' }
  const value = expect(tokens, undefined, 'a value')
  if (!LABEL_VALUE.test(value.text)) throw problem(value, 'is not a label value')
  return value
}

const END: Token = { text: '', position: 0 }

/** @param texts undefined: any word */
function expect(tokens: Token[], texts: readonly string[] | undefined, what: string): Token {
  const token = tokens.at(-1) ?? END
  const isExpected =
    texts === undefined ? token.text !== '' && !SYMBOLS.includes(token.text) : texts.includes(token.text)
  if (!isExpected) throw expected(token, what)
  tokens.pop()
  return token
}

function expected(token: Token, what: string): Error {
  const found = token.text === '' ? 'it ends' : `${quote(token.text)} follows`
  return new Error(`at character ${token.position} ${found} instead of ${what}`)
}

function problem({ text, position }: Token, what: string): Error {
  return new Error(`${quote(text)} at character ${position} ${what}`)
}
