// The test files that need what a system lacks. Vitest leaves them out there, and says so in one line for each.

export interface LeftOut {
  readonly file: string
  readonly reason: string
}

interface Group {
  readonly systems: readonly NodeJS.Platform[]
  readonly reason: string
  readonly files: readonly string[]
}

const GROUPS: readonly Group[] = [
  {
    systems: ['win32'],
    reason: 'its programs are scripts of sh',
    files: [
      'e2e/access-kit.test.ts',
      'e2e/docker-config.test.ts',
      'e2e/document.test.ts',
      'e2e/exec-plugin.test.ts',
      'support/http/server-process.test.ts',
      'support/ibm/cli.test.ts',
      'support/secrecy/leaks.test.ts',
      'support/secrecy/step-secrets.test.ts',
      'unit/kubernetes/cluster-info.test.ts',
      'unit/run/provided.test.ts',
    ],
  },
  {
    systems: ['win32', 'darwin'],
    reason: 'its programs are scripts of sh, and only on Linux does the action end what a program has started',
    files: [
      'unit/issuer/dedicated/cli.test.ts',
      'unit/issuer/docker-config/credential-helper.test.ts',
      'unit/kubernetes/exec-plugin.test.ts',
    ],
  },
  {
    systems: ['win32'],
    reason: 'Windows has no named pipes and devices among its files',
    files: [
      'e2e/endless.test.ts',
      'unit/core/regular-file.test.ts',
      'unit/inputs/rejected.test.ts',
      'unit/kubernetes/file-or-data.test.ts',
    ],
  },
  {
    systems: ['win32'],
    reason: 'on Windows a process cannot handle the signals of a cancelled job that another process sends',
    // https://nodejs.org/api/process.html#signal-events
    files: ['e2e/kill.test.ts'],
  },
  {
    systems: ['darwin'],
    reason: 'on macOS only one address is that of the loopback interface',
    files: ['unit/kubernetes/oidc-refresh.test.ts'],
  },
]

/** The files that are left out on a system, by their path in the repository. */
export function leftOutOn(system: NodeJS.Platform): LeftOut[] {
  return GROUPS.filter(({ systems }) => systems.includes(system)).flatMap(({ files, reason }) =>
    files.map((file) => ({ file: `__tests__/${file}`, reason })),
  )
}
