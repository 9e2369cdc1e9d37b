/**
 * Calls `compute` unless its last call had the same arguments: of thousands of secrets, most hold the same. Only the last result is
 * kept, so memory does not grow with their number.
 * @param compute its result depends on its arguments only, and is not modified
 */
export function lastResult<A extends readonly unknown[], R>(compute: (...args: A) => R): (...args: A) => R {
  let last: { readonly args: A; readonly result: R } | undefined
  return (...args) => {
    if (last === undefined || last.args.some((arg, at) => arg !== args[at])) last = { args, result: compute(...args) }
    return last.result
  }
}
