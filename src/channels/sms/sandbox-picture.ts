// The one picture that the sandbox's phones send: an open book under a low sun, 96 by 72. It is here as bytes, so that it
// reaches us over no network.
export const SANDBOX_PICTURE_URL = 'https://pictures.sandbox.test/open-book.png'

export const sandboxPicture = Buffer.from(
  [
    'iVBORw0KGgoAAAANSUhEUgAAAGAAAABICAIAAACGBWc0AAAA3ElEQVR42u3YsQkCQRAF0K3BdrxKjI2N5WqwCCuxGCu4WBANLhE81Bs92HUe/H',
    'hhH8x8dsv1fJIXKQgAAQIECBCg2jIcu8cAmnZ5TmqgtzoBo5JNZ65RSagzywgQIEABnc+NAAECBAiQFgMEyFvMa95/UPr/oIp+FLvNYcztMvww',
    'Sx8LqG6g/W4bziTQ9wcCagrIiAECBMiS1mJazA4CBAiQJQ3IiAECBEiLWdKAjBggQIC0mBbTYkYMUE6gfr0KpFGgwE0BLQzUVgABAvQnQHkCCB',
    'AgQIAAAQKUNXe2cUn/lPeo2QAAAABJRU5ErkJggg==',
  ].join(''),
  'base64',
)
