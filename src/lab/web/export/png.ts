import type { Strip } from "../../index.ts";

/** Pixels of the file for each pixel of the drawing, so that it is sharp on a slide. */
const SCALE = 2;
/** No side of a canvas may be longer in every browser. */
const SIDE_MAX = 8000;

/** Paints a drawing as PNG. It comes from a `data:` address, so no network is asked for it. */
export async function pngOf({ svg, width, height }: Strip): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const scale = Math.min(SCALE, SIDE_MAX / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return await new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob === null) reject(new Error("this browser does not paint so large a picture"));
      else resolve(blob);
    }, "image/png");
  });
}
