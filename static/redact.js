// The page works without this file. It adds: what is selected in a text goes into the field for words.
const words = document.querySelector("[data-from-selection]");
if (words) {
  const around = (node) => (node && (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement))?.closest("[data-selectable]");
  document.addEventListener("selectionchange", () => {
    const selection = document.getSelection();
    if (!selection || selection.isCollapsed) return;
    const field = around(selection.anchorNode);
    // One field at a time: a selection across several of them is no words of a text.
    if (!field || field !== around(selection.focusNode)) return;
    const text = selection.toString().trim();
    if (text && text.length <= words.maxLength) words.value = text;
  });
}
