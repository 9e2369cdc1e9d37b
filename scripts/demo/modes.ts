import { deploy } from './deploy.ts'
import { fail } from './fail.ts'
import { kill } from './kill.ts'
import { many } from './many.ts'
import type { Mode } from './mode.ts'
import { rotate } from './rotate.ts'

export const MODES: Readonly<Record<string, Mode>> = { deploy, rotate, kill, fail, many }

export const HELP = `Runs the action against emulated IBM services, and checks what it shows.

Usage: npm run demo [-- MODE]
       npm run demo -- --kubeconfig FILE

Modes:
${Object.entries(MODES)
  .map(([name, { description }]) => `  ${name.padEnd(8)}${description}`)
  .join('\n')}

Options:
  --kubeconfig FILE   run \`deploy\` in the current context of this kubeconfig, in a namespace that is deleted at the end
  --help              print this text

A docker-registry, an etcd, a kube-apiserver and a kubectl are used where they are found, else fakes:
scripts/real-servers.sh provides them. REAL_SERVERS=none uses the fakes.
The job summaries are saved as a page in .cache/demo. The command exits with 1 when something that it shows is not true.
`
