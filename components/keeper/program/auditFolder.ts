/** Folder of the audit files in the control volume: one for each day, such as "2027-01-31.jsonl". */
export const auditFolder = "audit";
