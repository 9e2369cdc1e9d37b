/** Whether a text that was encoded may be a kubeconfig: everything else about it is checked later. */
export function looksLikeKubeconfig(text: string): boolean {
  return /(clusters|contexts|users)["']?\s*:/.test(text)
}
