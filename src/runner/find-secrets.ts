import { findDecoded, type Range } from './decode.ts'
import { partForms, plainForms } from './encodings.ts'
import { type Joined, joined, lettersOf, originOf, unmarked } from './interruptions.ts'
import { PartIndex } from './part-index.ts'
import { MIN_FORM_LENGTH, SecretIndex } from './secret-index.ts'

/** The forms in which a registered secret may appear in the text of a server. */
const index = new SecretIndex()
/** What counts as a secret where only a part of it is shown. */
const partIndex = new PartIndex()
/** Secrets of the workflow that are too short for the index. */
const shortSecrets = new Set<string>()

/** What makes the entries of the indexes: most runs search no text. */
const unindexed: (() => void)[] = []

export function addSecret(secret: string): void {
  unindexed.push(() => indexSecret(secret))
}

/** Finds the middle and the end of the secret as well. */
export function addParts(secret: string): void {
  unindexed.push(() => indexParts(secret))
}

function indexSecret(secret: string): void {
  for (const form of plainForms(secret)) {
    for (const one of [form, joined(form).text, unmarked(form).text]) index.add(one)
  }
  if (secret.length < MIN_FORM_LENGTH) shortSecrets.add(secret)
}

function indexParts(secret: string): void {
  for (const { text, kind } of partForms(secret)) partIndex.add(lettersOf(text).text, kind)
}

/** @param isPublic whether a part of a secret, of which it gets the letters and digits, is part of a public name as well */
export function findSecrets(text: string, isPublic: (letters: string) => boolean): Range[] {
  for (const addToIndex of unindexed.splice(0)) addToIndex()
  const views: Joined[] = [{ text, origins: undefined }]
  // A line can end inside of an escape.
  if (/[%\\&]/.test(text)) views.push(...[joined(text), unmarked(text)].filter(({ origins }) => origins !== undefined))
  const ranges = views.flatMap((view) =>
    findDecoded(view.text, (decoded) => findInView(decoded, isPublic)).map((range) => originOf(range, view)),
  )
  // An encoding is redacted from eight characters on, the short secret itself everywhere.
  if (shortSecrets.size > 0) ranges.push(...shortIn(text), ...findDecoded(text, shortIn).filter(isLong))
  return ranges
}

function findInView(text: string, isPublic: (letters: string) => boolean): Range[] {
  const seen = joined(text)
  const plain = unmarked(text)
  const ranges = [...index.find(text), ...partsIn(seen, isPublic)]
  if (seen.text !== text) ranges.push(...index.find(seen.text).map((range) => originOf(range, seen)))
  if (plain.text !== seen.text) {
    ranges.push(...index.find(plain.text).map((range) => originOf(range, plain)), ...partsIn(plain, isPublic))
  }
  return ranges
}

function partsIn(view: Joined, isPublic: (letters: string) => boolean): Range[] {
  const letters = lettersOf(view.text)
  return partIndex
    .find(letters.text)
    .filter(({ start, end }) => !isPublic(letters.text.slice(start, end)))
    .map((range) => originOf(originOf(range, letters), view))
}

function isLong({ start, end }: Range): boolean {
  return end - start >= MIN_FORM_LENGTH
}

function shortIn(text: string): Range[] {
  const ranges: Range[] = []
  for (const secret of shortSecrets) {
    for (let start = text.indexOf(secret); start !== -1; start = text.indexOf(secret, start + 1)) {
      ranges.push({ start, end: start + secret.length })
    }
  }
  return ranges
}
