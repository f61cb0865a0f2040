import { textOn } from "../../shared/colour";

/** The launcher's own styles, inside a shadow root so that neither page can reach the other's. */
export const LOOK = `
:host { all: initial; }
.launcher, .panel { position: fixed; z-index: 2147483000; }
.launcher {
  inset-block-end: max(20px, env(safe-area-inset-bottom)); inline-size: 60px; block-size: 60px; padding: 0; border: 0;
  border-radius: 20px 20px 6px 20px; cursor: pointer; background: var(--brand); color: var(--on-brand);
  box-shadow: 0 8px 28px rgb(16 24 22 / 24%), 0 2px 6px rgb(16 24 22 / 18%);
  transition: transform 160ms cubic-bezier(.2,.7,.3,1), box-shadow 160ms; display: grid; place-items: center;
}
.left .launcher { border-radius: 20px 20px 20px 6px; }
.launcher[hidden] { display: none; }
.launcher:hover { transform: translateY(-2px); }
.launcher:active { transform: translateY(0) scale(.97); }
.launcher:focus-visible { outline: 3px solid var(--brand); outline-offset: 3px; }
.launcher svg { inline-size: 32px; block-size: 32px; display: block; }
.open .launcher .steps, .launcher .cross { display: none; }
.open .launcher .cross { display: block; }
.right .launcher, .right .panel { right: max(20px, env(safe-area-inset-right)); }
.left .launcher, .left .panel { left: max(20px, env(safe-area-inset-left)); }
.badge {
  position: absolute; inset-block-start: -6px; inset-inline-end: -6px; min-inline-size: 24px; block-size: 24px;
  padding-inline: 6px; box-sizing: border-box; border-radius: 12px; border: 2px solid #fff; background: #b8410f;
  color: #fff; font: 700 12px/20px system-ui, sans-serif; text-align: center;
}
.badge[hidden] { display: none; }
.panel {
  inset-block-end: calc(max(20px, env(safe-area-inset-bottom)) + 74px); inline-size: 392px;
  block-size: min(660px, calc(100dvh - 118px)); border: 0; border-radius: 18px; visibility: hidden; opacity: 0;
  transform: translateY(10px); background: transparent; pointer-events: none;
  box-shadow: 0 20px 60px rgb(16 24 22 / 26%), 0 2px 8px rgb(16 24 22 / 14%);
  transition: opacity 160ms, transform 160ms cubic-bezier(.2,.7,.3,1), visibility 0s 160ms;
}
.open .panel { visibility: visible; opacity: 1; transform: none; pointer-events: auto; transition-delay: 0s; }
@media (max-width: 519px), (max-height: 480px) {
  .open .panel { inset: 0; inline-size: 100%; block-size: 100dvh; border-radius: 0; }
  .open .launcher { display: none; }
}
@media (prefers-reduced-motion: reduce) { .launcher, .panel { transition: none; } }
@media print { .launcher, .panel { display: none; } }
`;

/** The mark: three rising steps in a speech bubble. */
export const ICONS = `
<svg class="steps" viewBox="0 0 32 32" fill="currentColor" aria-hidden="true">
  <rect x="6" y="17" width="5" height="8" rx="1.6"/><rect x="13.5" y="12" width="5" height="13" rx="1.6"/>
  <rect x="21" y="7" width="5" height="18" rx="1.6"/>
</svg>
<svg class="cross" viewBox="0 0 32 32" fill="none" stroke="currentColor" stroke-width="2.6" stroke-linecap="round" aria-hidden="true">
  <path d="M9 13l7 7 7-7"/>
</svg>`;

export const DEFAULT_BRAND = "#14594f";

export function brandStyle(brand: string | null): { brand: string; onBrand: string } {
  const colour = brand ?? DEFAULT_BRAND;
  return { brand: colour, onBrand: textOn(colour) };
}
