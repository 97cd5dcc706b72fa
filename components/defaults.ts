/** Text of the login prompt, if none is given. */
export const defaultRealm = "Private Registry";
