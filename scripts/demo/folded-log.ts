// The log of a step as it comes. As on GitHub, the lines of a long group are folded.

/** Of a group that is shown. */
const MAX_GROUP_LINES = 5

export interface FoldedLog {
  add(line: string): void
  /** Prints what is known only at the end: how many lines of the last group are folded. */
  end(): void
}

/** @param print receives the lines that are shown */
export function foldedLog(print: (line: string) => void): FoldedLog {
  let length = 0
  const end = () => {
    if (length > MAX_GROUP_LINES) print(`  … and ${length - MAX_GROUP_LINES} more lines, which GitHub folds`)
    length = 0
  }
  return {
    add(line) {
      // Only the lines of a group are indented: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#grouping-log-lines
      if (!line.startsWith('  ')) end()
      else length++
      if (length <= MAX_GROUP_LINES) print(line)
    },
    end,
  }
}
