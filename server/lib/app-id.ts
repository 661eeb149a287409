/** What an app may be called in topics and addresses. */
export const AppIdPattern = /^[a-z0-9][a-z0-9-]{0,62}$/;
