-- One row per role that contracts commonly have: its id is the hash of its name.
-- grain: role
with

roles as (

    select *
    from (
        values
            ('0x0000000000000000000000000000000000000000000000000000000000000000',
                'DEFAULT_ADMIN_ROLE'),
            ('0xa49807205ce4d355092ef5a8a18f56e8913cf4a201fbe287825b095693c21775',
                'ADMIN_ROLE'),
            ('0xf988e4fb62b8e14f4820fed03192306ddf4d7dbfa215595ba1c6ba4b76b369ee',
                'BLACKLIST_MANAGER_ROLE'),
            ('0x3c11d16cbaffd01df69ce1c404f6340ee057498f5f00246190ea54220576a848',
                'BURNER_ROLE'),
            ('0xfd643c72710c63c0180259aba6b2d05451e3591a24e58b62239378085726f783',
                'CANCELLER_ROLE'),
            ('0x850d585eb7f024ccee5e68e55f2c26cc72e1e6ee456acf62135757a5eb9d4a10',
                'CURATOR_ROLE'),
            ('0x8f4f2da22e8ac8f11e15f9fc141cddbb5deea8800186560abb6e68c5496619a9',
                'DEPOSITOR_ROLE'),
            ('0xbf233dd2aafeb4d50879c4aa5c81e96d92f6e6945c906a58f9f2d1c1631b4b26',
                'EMERGENCY_ROLE'),
            ('0xd8aa0f3194971a2a116679f7c2090f6939c8d4e01a2a8d7e41d55e5351469e63',
                'EXECUTOR_ROLE'),
            ('0x92de27771f92d6942691d73358b3a4673e4880de8356f8f2cf452be87e02d363',
                'FREEZER_ROLE'),
            ('0x0a4af4bcc1942295207d9f047442ebdae6170a6e324850f758b14cf99b65c3bd',
                'FULL_RESTRICTED_STAKER_ROLE'),
            ('0x7935bd0ae54bc31f548c14dba4d37c5c64b3f8ca900cb468fb8abd54d5894f55',
                'GOVERNOR_ROLE'),
            ('0x55435dd261a4b9b3364963f7738a7a662ad9c84396d64be3365284bb7f0a5041',
                'GUARDIAN_ROLE'),
            ('0xfc8737ab85eb45125971625a9ebdb75cc78e01d5c1fa80c4c6e5203f47bc4fab',
                'KEEPER_ROLE'),
            ('0x241ecf16d79d0f8dbfb92cbc07fe17840425976cf0667f022fe9877caa831b08',
                'MANAGER_ROLE'),
            ('0x9f2df0fed2c77648de5860a4cc508cd0818c85b8b8a1ab4ceeef8d981c8956a6',
                'MINTER_ROLE'),
            ('0x97667070c54ef182b0f5858b034beac1b6f3089aa2d3188bb1e8929f4fa9b929',
                'OPERATOR_ROLE'),
            ('0x68e79a7bf1e0bc45d0a330c573bc367f9cf464fd326078812f301165fbda4ef1',
                'ORACLE_ROLE'),
            ('0x65d7a28e3265b37a6474929f336521b332c1681b933f6cb9f3376673440d862a',
                'PAUSER_ROLE'),
            ('0xb09aa5aeb3702cfd50b6b62bc4532604938f21248a27a1d5ca736082b6819cc1',
                'PROPOSER_ROLE'),
            ('0xbeec13769b5f410b0584f69811bfd923818456d5edcf426b0e31cf90eed7a3f6',
                'REWARDER_ROLE'),
            ('0x8f7080408a06296c6347c87c115ad99669141ae35eae974c12dff8bd01680cb6',
                'SOFT_RESTRICTED_STAKER_ROLE'),
            ('0x17a8e30262c1f919c33056d877a3c22b95c2f5e4dac44683c1c2323cd79fbdb0',
                'STRATEGIST_ROLE'),
            ('0x5f58e3a2316349923ce3780f8d587db2d72378aed66a8261c916544fa6846ca5',
                'TIMELOCK_ADMIN_ROLE'),
            ('0x189ab7a9244df0848122154315af71fe140f3db0fe014031783b0946b8c9d2e3',
                'UPGRADER_ROLE'),
            ('0x8429d542926e6695b59ac6fbdcd9b37e8b1aeb757afab06ab60b1bb5878c3b49',
                'WHITELISTED_ROLE')
    ) as roles (role, role_name)

)

select
    role,
    role_name
from roles
