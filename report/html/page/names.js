'use strict';
// Shows what a figure is while its name is pointed at or has the focus, in browsers that do
// not do so by themselves. Without this script a press on the name shows it.
(() => {
  if ('interestForElement' in HTMLButtonElement.prototype || !HTMLElement.prototype.showPopover) return;
  for (const name of document.querySelectorAll('.name')) {
    const definition = document.getElementById(name.getAttribute('popovertarget'));
    const isShown = () => definition.matches(':popover-open');
    const show = () => isShown() || definition.showPopover({ source: name });
    const hide = () => isShown() && definition.hidePopover();
    name.addEventListener('mouseenter', show);
    name.addEventListener('mouseleave', hide);
    name.addEventListener('focus', () => {
      if (!name.matches(':focus-visible')) return;
      name.scrollIntoView({ block: 'nearest', inline: 'nearest' }); // or its definition may be cut off with it
      show();
    });
    name.addEventListener('blur', hide);
  }
})();
