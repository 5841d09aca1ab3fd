// Looking closely at one picture: wheel, keys, buttons and double click zoom; dragging moves. Fit is where it begins.
const LARGEST = 16;

class Zoom {
  constructor(figure) {
    this.box = figure.querySelector(".picture-box");
    this.image = figure.querySelector("img");
    this.level = figure.querySelector("[data-zoom-level]");
    this.fit();
    this.listen(figure);
  }

  fit() {
    [this.scale, this.x, this.y] = [1, 0, 0];
    this.draw();
  }

  // Keeps what lies under (x, y), in pixels from the middle of the box, where it is.
  by(factor, x = 0, y = 0) {
    const scale = Math.min(LARGEST, Math.max(1, this.scale * factor));
    const ratio = scale / this.scale;
    this.x = x - (x - this.x) * ratio;
    this.y = y - (y - this.y) * ratio;
    this.scale = scale;
    this.draw();
  }

  draw() {
    const { clientWidth: width, clientHeight: height } = this.box;
    const slackX = (width * (this.scale - 1)) / 2;
    const slackY = (height * (this.scale - 1)) / 2;
    this.x = Math.min(slackX, Math.max(-slackX, this.x));
    this.y = Math.min(slackY, Math.max(-slackY, this.y));
    this.image.style.transform = this.scale === 1 ? "" : `translate(${this.x}px, ${this.y}px) scale(${this.scale})`;
    this.box.classList.toggle("zoomed", this.scale > 1);
    this.level.textContent = this.scale === 1 ? "fit" : `${this.scale.toFixed(1)} ×`;
  }

  fromMiddle(event) {
    const place = this.box.getBoundingClientRect();
    return [event.clientX - place.left - place.width / 2, event.clientY - place.top - place.height / 2];
  }

  listen(figure) {
    this.box.addEventListener(
      "wheel",
      (event) => {
        if (!event.ctrlKey && this.scale === 1 && event.deltaY > 0) return;
        event.preventDefault();
        this.by(Math.exp(-event.deltaY / 300), ...this.fromMiddle(event));
      },
      { passive: false },
    );
    this.box.addEventListener("dblclick", (event) => {
      if (this.scale > 1) this.fit();
      else this.by(3, ...this.fromMiddle(event));
    });
    this.box.addEventListener("pointerdown", (event) => {
      if (this.scale > 1) this.box.setPointerCapture(event.pointerId);
    });
    this.box.addEventListener("pointermove", (event) => {
      if (!this.box.hasPointerCapture(event.pointerId)) return;
      this.x += event.movementX;
      this.y += event.movementY;
      this.draw();
    });
    figure.addEventListener("click", (event) => {
      const step = event.target.closest("[data-zoom-by]");
      if (step) this.by(Number(step.dataset.zoomBy));
      if (event.target.closest("[data-zoom-fit]")) this.fit();
    });
    document.addEventListener("keydown", (event) => {
      if (event.target.matches("input, textarea") || event.ctrlKey || event.metaKey) return;
      if (event.key === "+" || event.key === "=") this.by(1.5);
      else if (event.key === "-") this.by(1 / 1.5);
      else if (event.key === "0") this.fit();
    });
  }
}

for (const figure of document.querySelectorAll("[data-zoom]")) new Zoom(figure);
