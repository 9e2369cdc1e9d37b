/** Calls `create` when its value is first needed, and never again. */
export function once<T>(create: () => T): () => T {
  const created: T[] = []
  return () => {
    if (created.length === 0) created.push(create())
    return created[0] as T
  }
}
