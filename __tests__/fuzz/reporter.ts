import type { Reporter, TestCase, TestModule } from 'vitest/node'

interface Row {
  cases: number
  crashes: number
  slowestMs: number
}

/** Prints what the fuzz tests did, a line for each parser. */
export class FuzzReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const rows = new Map<string, Row>()
    for (const test of modules.flatMap((module) => [...module.children.allTests()])) add(rows, test)
    const lines = [...rows]
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([parser, { cases, crashes, slowestMs }]) => [
        parser,
        cases.toLocaleString('en-US'),
        String(crashes),
        slowestMs.toFixed(1),
      ])
    const head = ['parser', 'cases', 'crashes', 'slowest (ms)']
    const widths = head.map((title, column) =>
      Math.max(title.length, ...lines.map((line) => line[column]?.length ?? 0)),
    )
    for (const [first = '', ...numbers] of [head, ...lines])
      console.log(
        [first.padEnd(widths[0] ?? 0), ...numbers.map((text, i) => text.padStart(widths[i + 1] ?? 0))].join('  '),
      )
  }
}

function add(rows: Map<string, Row>, test: TestCase): void {
  const { fuzz } = test.meta()
  if (fuzz === undefined) return
  const row = rows.get(fuzz.parser) ?? { cases: 0, crashes: 0, slowestMs: 0 }
  rows.set(fuzz.parser, {
    cases: row.cases + fuzz.cases,
    crashes: row.crashes + (test.result().state === 'failed' ? 1 : 0),
    slowestMs: Math.max(row.slowestMs, fuzz.slowestMs),
  })
}
