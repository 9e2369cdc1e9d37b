/**
 * What the runner sets for actions only: inputs, which hold secrets, the state, and the access to its cache and artifacts.
 * https://github.com/actions/runner/blob/main/src/Runner.Worker/Handlers/NodeScriptActionHandler.cs
 */
const FOR_ACTIONS_ONLY =
  /^(INPUT_.*|STATE_.*|ACTIONS_(RUNTIME_TOKEN|RUNTIME_URL|CACHE_URL|RESULTS_URL|CACHE_SERVICE_V2|ORCHESTRATION_ID))$/i

/**
 * The environment for a child process: the one that a `run:` step of the same job has. The variables by which a job requests
 * OIDC tokens are part of that, and plugins such as kubelogin use them:
 * https://azure.github.io/kubelogin/concepts/login-modes/workloadidentity.html
 */
export function childEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !FOR_ACTIONS_ONLY.test(name)))
}
