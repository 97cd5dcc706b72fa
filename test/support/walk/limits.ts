/** After this time a long test begins nothing more, and ends with what it has. */
export const limitMinutes = 40;
