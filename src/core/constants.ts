/**
 * The name of this action in a cluster: the field manager of its fields and the value of the label
 * `app.kubernetes.io/managed-by`: https://kubernetes.io/docs/reference/using-api/server-side-apply/#managers,
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
 */
export const MANAGER_NAME = 'registry-pull-secret'
