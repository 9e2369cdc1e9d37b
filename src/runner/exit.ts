/** Ends the process when all is written: a login command of a kubeconfig that hangs would keep it for ever. */
export async function leave(): Promise<never> {
  await new Promise<void>((resolve) => process.stdout.write('', () => resolve()))
  process.exit()
}
