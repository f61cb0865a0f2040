export type Scheme = "light" | "dark" | "auto";

/** Set the page's colour scheme and keep "auto" in step with the system. Returns an undo. */
export function applyScheme(wish: Scheme): () => void {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const paint = () => {
    document.documentElement.dataset["scheme"] = wish === "auto" ? (system.matches ? "dark" : "light") : wish;
  };
  paint();
  system.addEventListener("change", paint);
  return () => system.removeEventListener("change", paint);
}
