import { BeginningFilter } from './beginning-filter.ts'
import type { Range } from './decode.ts'

/** Forms are found by their first characters, so none is shorter. */
export const MIN_FORM_LENGTH = 8

/** A server may show the beginning of a secret only. So much of it counts as the secret. */
const MIN_PREFIX_LENGTH = 16

const FILTER_BITS = 20

/**
 * Finds texts in a text, in one pass that does not depend on their number: a run can know a hundred thousand of them, from the
 * pull secrets of thousands of namespaces.
 */
export class SecretIndex {
  readonly #forms = new Set<string>()
  /** By their first characters. */
  readonly #buckets = new Map<string, Bucket>()
  readonly #filter = new BeginningFilter(FILTER_BITS)

  add(form: string): void {
    if (form.length < MIN_FORM_LENGTH || this.#forms.has(form)) return
    this.#forms.add(form)
    this.#filter.add(form, 0)
    const key = form.slice(0, MIN_FORM_LENGTH)
    const bucket = this.#buckets.get(key)
    if (bucket === undefined) this.#buckets.set(key, { forms: [form], isSorted: true })
    else {
      bucket.forms.push(form)
      bucket.isSorted = false
    }
  }

  /** Where one of the forms is, or its beginning: `MIN_PREFIX_LENGTH` of it, or less at the end of a text that was cut. */
  find(text: string): Range[] {
    if (this.#forms.size === 0) return []
    const ranges: Range[] = []
    for (let start = 0; start <= text.length - MIN_FORM_LENGTH; start++) {
      if (!this.#filter.has(text, start)) continue
      const bucket = this.#buckets.get(text.slice(start, start + MIN_FORM_LENGTH))
      if (bucket === undefined) continue
      const length = this.#lengthAt(text.slice(start), sorted(bucket), start > 0)
      if (length > 0) ranges.push({ start, end: start + length })
    }
    return ranges
  }

  /** The length of the longest form at the beginning of the text. Its neighbours in the order have most in common with it. */
  #lengthAt(text: string, forms: readonly string[], isTail: boolean): number {
    const position = positionIn(forms, text)
    const common = Math.max(...[position - 1, position].map((one) => commonLength(forms[one] ?? '', text)))
    if (common >= MIN_PREFIX_LENGTH || (isTail && common === text.length)) return common
    for (let length = common; length >= MIN_FORM_LENGTH; length--) {
      if (this.#forms.has(text.slice(0, length))) return length
    }
    return 0
  }
}

/** Sorted when it is needed: the tokens of thousands of namespaces can begin in the same way. */
interface Bucket {
  readonly forms: string[]
  isSorted: boolean
}

function sorted(bucket: Bucket): readonly string[] {
  if (!bucket.isSorted) bucket.forms.sort()
  bucket.isSorted = true
  return bucket.forms
}

/** Where a text belongs in sorted ones. */
function positionIn(forms: readonly string[], text: string): number {
  let [low, high] = [0, forms.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((forms[middle] ?? '') <= text) low = middle + 1
    else high = middle
  }
  return low
}

function commonLength(one: string, other: string): number {
  const most = Math.min(one.length, other.length)
  let length = 0
  while (length < most && one.charCodeAt(length) === other.charCodeAt(length)) length++
  return length
}
