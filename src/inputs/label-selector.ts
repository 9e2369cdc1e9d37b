import { KEY, LABEL_VALUE } from './grammar.ts'
import { quote } from './quote.ts'

/** A word, or a symbol. */
interface Token {
  readonly text: string
  /** Of its first character, from 1. */
  readonly position: number
}

const SYMBOLS = ['==', '!=', '=', '!', '(', ')', ',', '>', '<']

/**
 * Parses a label selector as the API server does:
 * https://github.com/kubernetes/kubernetes/blob/master/staging/src/k8s.io/apimachinery/pkg/labels/selector.go
 * @returns what is wrong with it, as it reads after "but"; undefined when it is valid
 */
export function problemOfSelector(selector: string): string | undefined {
  const tokens = tokensOf(selector)
  try {
    parseRequirement(tokens)
    while (tokens.length > 1) {
      expect(tokens, [','], 'a comma')
      parseRequirement(tokens)
    }
    return undefined
  } catch (error) {
    return (error as Error).message
  }
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

/** `key`, `!key`, `key=value`, `key>1`, `key in (a,b)`. */
function parseRequirement(tokens: Token[]): void {
  const isAbsent = tokens.at(-1)?.text === '!'
  if (isAbsent) tokens.pop()
  const key = expect(tokens, undefined, 'a label key')
  if (!KEY.test(key.text)) throw problem(key, 'is not a label key')
  const next = tokens.at(-1)?.text ?? ''
  if (isAbsent || next === '' || next === ',') return
  const operator = expect(
    tokens,
    ['=', '==', '!=', '>', '<', 'in', 'notin'],
    'one of =, !=, in, notin, <, > and a comma',
  )
  if (operator.text === 'in' || operator.text === 'notin') {
    parseValues(tokens)
    return
  }
  const value = parseValue(tokens)
  if ((operator.text === '>' || operator.text === '<') && !/^\d+$/.test(value.text))
    throw value.text === '' ? expected(value, 'a whole number') : problem(value, 'is not a whole number')
}

/** `(a,b)`. Each of the values may be empty. */
function parseValues(tokens: Token[]): void {
  expect(tokens, ['('], 'an opening parenthesis')
  const [first = END] = tokens.slice(-1)
  if (first.text === ')') throw expected(first, 'a value')
  parseValue(tokens, ')')
  while (tokens.at(-1)?.text === ',') {
    tokens.pop()
    parseValue(tokens, ')')
  }
  expect(tokens, [')'], 'a comma or a closing parenthesis')
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
