/** @returns none: a person chooses inputs, and types no names of them */
export function unknownInputs(): [] {
  return []
}
