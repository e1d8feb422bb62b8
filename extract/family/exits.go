package family

// ExitReads are what a vault whose maxWithdraw means it is asked at each UTC day's last
// block: about the holder with the most shares, whose address is their argument, and about
// itself. maxRedeem is asked besides because maxWithdraw may be net of an exit fee, and
// Yearn's does not count what lies behind a loss that nobody has taken yet. Code whose
// money may be elsewhere need not know whether that comes back, so that what the contract
// itself holds is asked, too.
func (f Family) ExitReads() (ofHolder, ofVault []Read) {
	if !f.TellsWithdrawable {
		return nil, nil
	}
	if f.KeepsAssetsElsewhere {
		ofVault = reads(KindInteger, OnAsset, "balanceOf")
	}
	return reads(KindInteger, OnHolder, "maxWithdraw", "maxRedeem", "balanceOf"), ofVault
}
