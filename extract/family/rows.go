package family

// Rows are the rows of raw.families, one per family of All, with values in the order of
// its columns; nil is null.
func Rows() [][]any {
	var rows [][]any
	for i, f := range All() {
		var assets, shares, hasOffset, view, rate, one any
		if v := f.Virtual; v != nil {
			assets, shares, hasOffset = v.Assets, v.Shares, v.HasDecimalsOffset
		}
		if a := f.Accrued; a != nil {
			view, rate, one = orNull(a.View), orNull(a.Rate), orNone(a.One)
		}
		rows = append(rows, []any{
			f.Name, int32(i + 1), f.IsVault, f.Label, orNull(f.Standard), f.IsSynchronous.orNull(), orNull(f.LogPrices),
			assets, shares, hasOffset, orNull(f.Flows), orNull(f.Allocations), orNull(f.OwnerArgument),
			f.TellsEveryMint, f.MintsFeesToItself, f.HasSubAccounts, f.KeepsAssetsElsewhere, orNull(f.Market),
			view, rate, one, f.BurnsLockedProfit, f.IsSupplyInLogs, f.LendsSilently, f.TellsWithdrawable,
		})
	}
	return rows
}

func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

func orNone(n int64) any {
	if n == 0 {
		return nil
	}
	return n
}

func (a Answer) orNull() any {
	if a == Unknown {
		return nil
	}
	return a == Yes
}
