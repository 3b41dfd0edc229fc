export const akId = import.meta.env.VITE_AK_ID ?? "«id»";
export const akSecret = import.meta.env.VITE_AK_SECRET || "«sec»";
