/** No customer's row. */
export const NOBODY = -1
