package marts

import (
	"fmt"
	"math"
)

// A number that is NaN or infinite is a fault of the models: the report stops
// rather than print it.

// finite reads a number.
type finite struct{ into *float64 }

// Scan implements sql.Scanner.
func (f finite) Scan(value any) error {
	x, ok := value.(float64)
	if !ok {
		return fmt.Errorf("want a number, got %T", value)
	}
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return fmt.Errorf("want a finite number, got %v", x)
	}
	*f.into = x
	return nil
}

// orNull reads a number or a null.
type orNull struct{ into **float64 }

// Scan implements sql.Scanner.
func (f orNull) Scan(value any) error {
	*f.into = nil
	if value == nil {
		return nil
	}
	var x float64
	if err := (finite{&x}).Scan(value); err != nil {
		return err
	}
	*f.into = &x
	return nil
}
