/**
 * Ends the process after stdout is written. Node would otherwise wait for an exec plugin of a kubeconfig that hangs:
 * https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
 */
export async function flushAndExit(): Promise<never> {
  await new Promise<void>((resolve) => process.stdout.write('', () => resolve()))
  process.exit()
}
