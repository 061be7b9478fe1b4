/** There is one Directory object, and this is its name. */
export const DIRECTORY_NAME = "directory";
