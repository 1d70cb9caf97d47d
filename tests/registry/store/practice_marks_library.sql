-- A library of format 6 in which practice and real uploads stand side by side, made by the program of that time.
BEGIN TRANSACTION;
CREATE TABLE asfs_attempts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    video_id TEXT NOT NULL,
    platform TEXT NOT NULL,
    state TEXT NOT NULL,
    open INTEGER NOT NULL,
    started_at TEXT NOT NULL,               -- UTC, like all times of our own
    ended_at TEXT,
    row_timestamp TEXT NOT NULL,            -- upload_timestamp of the IN_PROGRESS row it wrote: another one is foreign
    checksum TEXT,                          -- of the content it sends
    owner TEXT NOT NULL,                    -- `pid 123 on host`
    owner_boot TEXT NOT NULL,
    owner_pid INTEGER NOT NULL,
    owner_started INTEGER NOT NULL,
    lease_until INTEGER NOT NULL,           -- unix ms
    handle TEXT,
    maybe_published INTEGER NOT NULL DEFAULT 0,
    bytes_sent INTEGER NOT NULL DEFAULT 0,
    bytes_total INTEGER NOT NULL DEFAULT 0,
    post_id TEXT,
    error TEXT,
    retry_at TEXT,
    metadata TEXT NOT NULL
);
INSERT INTO "asfs_attempts" VALUES(1,'posted','YouTube','succeeded',0,'2026-11-26T05:57:49.498053Z','2026-11-26T05:57:49.606499Z','2026-11-26T05:57:49.497344','bffa5f9788138566354707babf66122a01c00d89ca54957db523c353a20adf94','pid 1 on elsewhere','another boot',1,1,0,'http://127.0.0.1:34717/upload/youtube/v3/videos?uploadType=resumable&part=snippet%2Cstatus&upload_id=yq4WLZM0OFGOvX3qZfP85DEIQMCvfEoBl2w9RB61',1,0,0,'24rXRrK1naP',NULL,NULL,'{}');
INSERT INTO "asfs_attempts" VALUES(2,'posted','TikTok','succeeded',0,'2026-11-26T05:57:49.713179Z','2026-11-26T05:57:49.791519Z','2026-11-26T05:57:49.703553','bffa5f9788138566354707babf66122a01c00d89ca54957db523c353a20adf94','pid 1 on elsewhere','another boot',1,1,0,'{"publish_id":"v_pub_file~v2-1.2764723483004936860","upload_url":"http://127.0.0.1:34717/video/?upload_id=2764723483004936860&upload_token=EirsxoPjnn5DyoUkzVPFFLU4","issued_at":1795672669,"size":11864,"chunk_size":11864,"chunks":1}',1,0,0,'7534773216230710110',NULL,NULL,'{}');
INSERT INTO "asfs_attempts" VALUES(3,'posted','Instagram','succeeded',0,'2026-11-26T05:57:49.893282Z','2026-11-26T05:57:49.978064Z','2026-11-26T05:57:49.890264','bffa5f9788138566354707babf66122a01c00d89ca54957db523c353a20adf94','pid 1 on elsewhere','another boot',1,1,0,'{"container":"17834788430941303","uri":"http://127.0.0.1:34717/ig-api-upload/v25.0/17834788430941303","user":"17841400000000001","publishing_since":1795672669}',1,0,0,'17925036637930338',NULL,NULL,'{}');
INSERT INTO "asfs_attempts" VALUES(4,'failed_before','YouTube','succeeded',0,'2026-11-26T05:57:50.093854Z','2026-11-26T05:57:50.170098Z','2026-11-26T05:57:50.093422','8fe6beff491afe3a68726785ba049001b0f7450d104f926412f6831304281a15','pid 1 on elsewhere','another boot',1,1,0,'http://127.0.0.1:34717/upload/youtube/v3/videos?uploadType=resumable&part=snippet%2Cstatus&upload_id=vG_qb8oHMTCFOgtP5QbCDjN_ZKuDi3YQOCrzvPrf',1,0,0,'qZQdAwkUGqN',NULL,NULL,'{}');
INSERT INTO "asfs_attempts" VALUES(5,'failed','YouTube','failed',0,'2026-11-26T05:57:50.323666Z','2026-11-26T05:57:50.395886Z','2026-11-26T05:57:50.323131','0e20b84ac89fde263a3fb3fb2b9cee57cf3097e7312a00f7bb2eab9d13a7b8cf','pid 1 on elsewhere','another boot',1,1,0,'http://127.0.0.1:34717/upload/youtube/v3/videos?uploadType=resumable&part=snippet%2Cstatus&upload_id=phOH3D3JLiFIUEygFytAqVOTK09d51eQz9oDnDrI',1,0,0,NULL,'YouTube took the video but could not process it: conversion',NULL,'{}');
INSERT INTO "asfs_attempts" VALUES(6,'real_first','YouTube','succeeded',0,'2026-11-26T05:57:51.105199Z','2026-11-26T05:57:51.180597Z','2026-11-26T05:57:51.098924','08fdedf1e6e0a8bb92cc0d69547191e3335dcf08cdf12dab35209ec8f19d18eb','pid 1 on elsewhere','another boot',1,1,0,'http://127.0.0.1:42447/upload/youtube/v3/videos?uploadType=resumable&part=snippet%2Cstatus&upload_id=F_HOkXHoEpuB6YRLFegNFoSOF5fOO2yIh26Ao_ZY',1,0,0,'MkT_7vnlAva',NULL,NULL,'{}');
INSERT INTO "asfs_attempts" VALUES(7,'real_first','YouTube','succeeded',0,'2026-11-26T05:57:51.305080Z','2026-11-26T05:57:51.345791Z','2026-11-26T05:57:51.302086','08fdedf1e6e0a8bb92cc0d69547191e3335dcf08cdf12dab35209ec8f19d18eb','pid 1 on elsewhere','another boot',1,1,0,'http://127.0.0.1:34717/upload/youtube/v3/videos?uploadType=resumable&part=snippet%2Cstatus&upload_id=R35eRdtBDXGmp45kmFWGPnIzRuCGXFVwVfl8mciJ',1,0,0,'NYerZiS-la3',NULL,NULL,'{}');
INSERT INTO "asfs_attempts" VALUES(8,'real_after','YouTube','succeeded',0,'2026-11-26T05:57:51.465877Z','2026-11-26T05:57:51.538238Z','2026-11-26T05:57:51.465329','a59178ec15ebeeb5cc705db8fddfb5d16519aa22aa4f65f8b6af4e7b449a5a36','pid 1 on elsewhere','another boot',1,1,0,'http://127.0.0.1:34717/upload/youtube/v3/videos?uploadType=resumable&part=snippet%2Cstatus&upload_id=HyViZ70wVOlEtZT__wIJufIBk8W59DAunhCEyfE9',1,0,0,'JxuWiXwHglh',NULL,NULL,'{}');
INSERT INTO "asfs_attempts" VALUES(9,'real_after','YouTube','succeeded',0,'2026-11-26T05:57:52.285786Z','2026-11-26T05:57:52.389397Z','2026-11-26T05:57:52.285415','a59178ec15ebeeb5cc705db8fddfb5d16519aa22aa4f65f8b6af4e7b449a5a36','pid 1 on elsewhere','another boot',1,1,0,'http://127.0.0.1:42447/upload/youtube/v3/videos?uploadType=resumable&part=snippet%2Cstatus&upload_id=M3l4sYiDRtKab9ife_ekYf7ogdpU5xdvhCquBL2m',1,0,0,'QZ-KfbnHAhk',NULL,NULL,'{}');
INSERT INTO "asfs_attempts" VALUES(10,'unclear','YouTube','unconfirmed',1,'2026-11-26T05:57:52.681317Z','2026-11-26T05:57:53.037782Z','2026-11-26T05:57:52.667120','a0d08c50705544ec7b8188d29cfe786890078bf592a243007bf8526938365556','pid 1 on elsewhere','another boot',1,1,0,'http://127.0.0.1:34717/upload/youtube/v3/videos?uploadType=resumable&part=snippet%2Cstatus&upload_id=SC_3s8qqKurbXIKCefrne4LfIajHJZQgxrjnO0ek',1,0,0,NULL,'YouTube no longer knows the upload, all of which had been sent: YouTube answered HTTP 404 notFound: Not Found',NULL,'{}');
INSERT INTO "asfs_attempts" VALUES(11,'settled','YouTube','succeeded',0,'2026-11-26T05:57:53.269186Z','2026-11-26T05:57:53.911897Z','2026-11-26T05:57:53.258351','ab9c21acd58ee66613dcddbf9e4c3608caede84736bbd74e0c9554a993a3c6bf','pid 1 on elsewhere','another boot',1,1,0,'http://127.0.0.1:34717/upload/youtube/v3/videos?uploadType=resumable&part=snippet%2Cstatus&upload_id=hRWjQHn6qYDSCvFQPGrdDPS0VlyDJrWiEpVuS1ev',1,0,0,'abcdefghijk',NULL,NULL,'{}');
INSERT INTO "asfs_attempts" VALUES(12,'running','YouTube','running',1,'2026-11-26T05:57:54.077482Z',NULL,'2026-11-26T05:57:54.074827','115bac5cdc6358ed03e23e7bc657a49b47afeec4e3e2e879b7f77536fa19c7a2','pid 1 on elsewhere','another boot',1,1,1795672819148,'http://127.0.0.1:34717/upload/youtube/v3/videos?uploadType=resumable&part=snippet%2Cstatus&upload_id=wuw2SEjjw3vvzYSKoi5Tgriu3FUilDE89_ycaFGB',1,0,11753,NULL,NULL,NULL,'{}');
INSERT INTO "asfs_attempts" VALUES(13,'never','YouTube','succeeded',0,'2026-11-26T05:57:56.842293Z','2026-11-26T05:57:56.924783Z','2026-11-26T05:57:56.831224','b4f5a662b07dc45b08036803bd6f9eae17f647fab01fd23568d4bcd065cea70d','pid 1 on elsewhere','another boot',1,1,0,'http://127.0.0.1:34717/upload/youtube/v3/videos?uploadType=resumable&part=snippet%2Cstatus&upload_id=FYErTAsdanxgMIB3AARbyR2D5KUv-u6J5rWDL83R',1,0,0,'Rdnpan7ukM4',NULL,NULL,'{}');
CREATE TABLE asfs_changes (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    video_id TEXT UNIQUE
);
INSERT INTO "asfs_changes" VALUES(6,'queued');
INSERT INTO "asfs_changes" VALUES(14,'insta');
INSERT INTO "asfs_changes" VALUES(20,'posted');
INSERT INTO "asfs_changes" VALUES(22,'failed_before');
INSERT INTO "asfs_changes" VALUES(24,'failed');
INSERT INTO "asfs_changes" VALUES(30,'real_first');
INSERT INTO "asfs_changes" VALUES(36,'real_after');
INSERT INTO "asfs_changes" VALUES(38,'unclear');
INSERT INTO "asfs_changes" VALUES(41,'settled');
INSERT INTO "asfs_changes" VALUES(42,'running');
INSERT INTO "asfs_changes" VALUES(44,'never');
CREATE TABLE asfs_files (
    video_id TEXT PRIMARY KEY,
    checksum TEXT NOT NULL,
    size INTEGER NOT NULL,
    duration REAL NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    video_codec TEXT NOT NULL,
    fps REAL NOT NULL
);
INSERT INTO "asfs_files" VALUES('failed','0e20b84ac89fde263a3fb3fb2b9cee57cf3097e7312a00f7bb2eab9d13a7b8cf',11634,1.0,180,320,'h264',10.0);
INSERT INTO "asfs_files" VALUES('failed_before','8fe6beff491afe3a68726785ba049001b0f7450d104f926412f6831304281a15',11873,1.0,180,320,'h264',10.0);
INSERT INTO "asfs_files" VALUES('insta','87c8f7edd75116e37aa0286253aac21f5b76dfc4adf0cbee8d828e299c4ae38f',11845,1.0,180,320,'h264',10.0);
INSERT INTO "asfs_files" VALUES('never','b4f5a662b07dc45b08036803bd6f9eae17f647fab01fd23568d4bcd065cea70d',11808,1.0,180,320,'h264',10.0);
INSERT INTO "asfs_files" VALUES('posted','bffa5f9788138566354707babf66122a01c00d89ca54957db523c353a20adf94',11864,1.0,180,320,'h264',10.0);
INSERT INTO "asfs_files" VALUES('queued','e88ae5c4034c69d282e11d5c8be2823956c2b6108ac2b58124d3a98a82570c54',11786,1.0,180,320,'h264',10.0);
INSERT INTO "asfs_files" VALUES('real_after','a59178ec15ebeeb5cc705db8fddfb5d16519aa22aa4f65f8b6af4e7b449a5a36',11818,1.0,180,320,'h264',10.0);
INSERT INTO "asfs_files" VALUES('real_first','08fdedf1e6e0a8bb92cc0d69547191e3335dcf08cdf12dab35209ec8f19d18eb',11819,1.0,180,320,'h264',10.0);
INSERT INTO "asfs_files" VALUES('running','115bac5cdc6358ed03e23e7bc657a49b47afeec4e3e2e879b7f77536fa19c7a2',11753,1.0,180,320,'h264',10.0);
INSERT INTO "asfs_files" VALUES('settled','ab9c21acd58ee66613dcddbf9e4c3608caede84736bbd74e0c9554a993a3c6bf',11855,1.0,180,320,'h264',10.0);
INSERT INTO "asfs_files" VALUES('unclear','a0d08c50705544ec7b8188d29cfe786890078bf592a243007bf8526938365556',11753,1.0,180,320,'h264',10.0);
CREATE TABLE asfs_metadata (
    video_id TEXT PRIMARY KEY,
    document TEXT NOT NULL
);
CREATE TABLE asfs_migrations (
    version INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    applied_at TEXT NOT NULL
);
INSERT INTO "asfs_migrations" VALUES(1,'shared tables, attempts, history, change log','2026-11-26T05:57:44.890416Z');
INSERT INTO "asfs_migrations" VALUES(2,'content sent under other ids, posts to be looked at once more','2026-11-26T05:57:44.949388Z');
INSERT INTO "asfs_migrations" VALUES(3,'times of posts, for rate limits','2026-11-26T05:57:45.005745Z');
INSERT INTO "asfs_migrations" VALUES(4,'practice attempts, what files are, quotas of accounts','2026-11-26T05:57:45.037406Z');
INSERT INTO "asfs_migrations" VALUES(5,'what webhooks are to be told','2026-11-26T05:57:45.085360Z');
INSERT INTO "asfs_migrations" VALUES(6,'when the queue has changed','2026-11-26T05:57:45.113499Z');
CREATE TABLE asfs_post_checks (
    video_id TEXT NOT NULL,
    platform TEXT NOT NULL,
    post_id TEXT NOT NULL,
    metadata TEXT NOT NULL,                 -- what the post was to say
    place TEXT NOT NULL,                    -- address of the platform: a practice post is nothing to the real one
    due_at INTEGER NOT NULL,                -- unix ms
    tries INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (video_id, platform)
);
INSERT INTO "asfs_post_checks" VALUES('posted','YouTube','24rXRrK1naP','{}','http://127.0.0.1:34717',1795672699606,0);
INSERT INTO "asfs_post_checks" VALUES('posted','TikTok','7534773216230710110','{}','http://127.0.0.1:34717',1795672699791,0);
INSERT INTO "asfs_post_checks" VALUES('posted','Instagram','17925036637930338','{}','http://127.0.0.1:34717',1795672699977,0);
INSERT INTO "asfs_post_checks" VALUES('failed_before','YouTube','qZQdAwkUGqN','{}','http://127.0.0.1:34717',1795672700169,0);
INSERT INTO "asfs_post_checks" VALUES('real_first','YouTube','NYerZiS-la3','{}','http://127.0.0.1:34717',1795672701345,0);
INSERT INTO "asfs_post_checks" VALUES('real_after','YouTube','QZ-KfbnHAhk','{}','http://127.0.0.1:42447',1795672972389,0);
INSERT INTO "asfs_post_checks" VALUES('never','YouTube','Rdnpan7ukM4','{}','http://127.0.0.1:34717',1795672706924,0);
CREATE TABLE asfs_practice_attempts (
    attempt_id INTEGER PRIMARY KEY
);
INSERT INTO "asfs_practice_attempts" VALUES(1);
INSERT INTO "asfs_practice_attempts" VALUES(2);
INSERT INTO "asfs_practice_attempts" VALUES(3);
INSERT INTO "asfs_practice_attempts" VALUES(4);
INSERT INTO "asfs_practice_attempts" VALUES(5);
INSERT INTO "asfs_practice_attempts" VALUES(7);
INSERT INTO "asfs_practice_attempts" VALUES(8);
INSERT INTO "asfs_practice_attempts" VALUES(10);
INSERT INTO "asfs_practice_attempts" VALUES(11);
INSERT INTO "asfs_practice_attempts" VALUES(12);
INSERT INTO "asfs_practice_attempts" VALUES(13);
CREATE TABLE asfs_queue (
    video_id TEXT NOT NULL,
    platform TEXT NOT NULL,
    practice INTEGER NOT NULL,              -- 1: for practice platforms; the real ones never get it
    place INTEGER NOT NULL,                 -- order of those that wait for no time
    ready_at INTEGER NOT NULL DEFAULT 0,    -- unix ms, not before: scheduled, a pause between tries, or taken
    held INTEGER NOT NULL DEFAULT 0,        -- 1: paused by a person
    metadata TEXT NOT NULL DEFAULT '{}',
    by_hand INTEGER NOT NULL DEFAULT 0,     -- a person asked for this very upload: FAILED_FINAL is tried again
    scheduled_at INTEGER,                   -- unix ms, as a person asked
    every_s INTEGER NOT NULL DEFAULT 0,     -- distance of the slots in its series; 0: a day
    series INTEGER NOT NULL DEFAULT 0,      -- scheduled in one go
    if_missed TEXT NOT NULL DEFAULT 'now',  -- a slot that was slept through: 'now' or 'next'
    session TEXT NOT NULL DEFAULT '',       -- the process that alone may take it; '': any
    PRIMARY KEY (video_id, platform, practice)
) WITHOUT ROWID;
INSERT INTO "asfs_queue" VALUES('never','Instagram',1,4,1893664800000,0,'{}',1,1893664800000,0,4,'now','');
INSERT INTO "asfs_queue" VALUES('queued','TikTok',0,3,1893664800000,0,'{}',1,1893664800000,0,3,'now','');
INSERT INTO "asfs_queue" VALUES('queued','YouTube',0,2,1893578400000,0,'{}',1,1893578400000,0,2,'now','');
INSERT INTO "asfs_queue" VALUES('queued','YouTube',1,1,1893492000000,0,'{}',1,1893492000000,0,1,'now','');
CREATE TABLE asfs_queue_changes (
    count INTEGER NOT NULL
);
INSERT INTO "asfs_queue_changes" VALUES(4);
CREATE TABLE asfs_quotas (
    platform TEXT NOT NULL,
    practice INTEGER NOT NULL,
    total INTEGER NOT NULL,
    used INTEGER NOT NULL,
    asked_at INTEGER NOT NULL,              -- unix ms
    PRIMARY KEY (platform, practice)
) WITHOUT ROWID;
INSERT INTO "asfs_quotas" VALUES('Instagram',1,100,0,1795672669945);
CREATE TABLE asfs_settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
CREATE TABLE asfs_slots (
    attempt_id INTEGER PRIMARY KEY,
    platform TEXT NOT NULL,
    at INTEGER NOT NULL                     -- unix ms
);
INSERT INTO "asfs_slots" VALUES(1,'YouTube',1795672669607);
INSERT INTO "asfs_slots" VALUES(2,'TikTok',1795672669792);
INSERT INTO "asfs_slots" VALUES(3,'Instagram',1795672669979);
INSERT INTO "asfs_slots" VALUES(4,'YouTube',1795672670171);
INSERT INTO "asfs_slots" VALUES(6,'YouTube',1795672671181);
INSERT INTO "asfs_slots" VALUES(7,'YouTube',1795672671346);
INSERT INTO "asfs_slots" VALUES(8,'YouTube',1795672671539);
INSERT INTO "asfs_slots" VALUES(9,'YouTube',1795672672390);
INSERT INTO "asfs_slots" VALUES(10,'YouTube',1795672673038);
INSERT INTO "asfs_slots" VALUES(11,'YouTube',1795672673808);
INSERT INTO "asfs_slots" VALUES(13,'YouTube',1795672676925);
CREATE TABLE asfs_upload_history (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    replaced_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    video_id TEXT,
    platform TEXT,
    upload_status TEXT,
    upload_timestamp TEXT,
    platform_post_id TEXT,
    error_message TEXT,
    retry_count INTEGER,
    checksum TEXT                           -- of the video then
);
INSERT INTO "asfs_upload_history" VALUES(1,'2026-11-26T05:57:49.606Z','posted','YouTube','IN_PROGRESS','2026-11-26T05:57:49.497344',NULL,NULL,0,'bffa5f9788138566354707babf66122a01c00d89ca54957db523c353a20adf94');
INSERT INTO "asfs_upload_history" VALUES(2,'2026-11-26T05:57:49.791Z','posted','TikTok','IN_PROGRESS','2026-11-26T05:57:49.703553',NULL,NULL,0,'bffa5f9788138566354707babf66122a01c00d89ca54957db523c353a20adf94');
INSERT INTO "asfs_upload_history" VALUES(3,'2026-11-26T05:57:49.978Z','posted','Instagram','IN_PROGRESS','2026-11-26T05:57:49.890264',NULL,NULL,0,'bffa5f9788138566354707babf66122a01c00d89ca54957db523c353a20adf94');
INSERT INTO "asfs_upload_history" VALUES(4,'2026-11-26T05:57:50.093Z','failed_before','YouTube','FAILED','2026-02-11T08:10:00.000001',NULL,'the real platform was down',2,'8fe6beff491afe3a68726785ba049001b0f7450d104f926412f6831304281a15');
INSERT INTO "asfs_upload_history" VALUES(5,'2026-11-26T05:57:50.170Z','failed_before','YouTube','IN_PROGRESS','2026-11-26T05:57:50.093422',NULL,NULL,2,'8fe6beff491afe3a68726785ba049001b0f7450d104f926412f6831304281a15');
INSERT INTO "asfs_upload_history" VALUES(6,'2026-11-26T05:57:50.395Z','failed','YouTube','IN_PROGRESS','2026-11-26T05:57:50.323131',NULL,NULL,0,'0e20b84ac89fde263a3fb3fb2b9cee57cf3097e7312a00f7bb2eab9d13a7b8cf');
INSERT INTO "asfs_upload_history" VALUES(7,'2026-11-26T05:57:51.180Z','real_first','YouTube','IN_PROGRESS','2026-11-26T05:57:51.098924',NULL,NULL,0,'08fdedf1e6e0a8bb92cc0d69547191e3335dcf08cdf12dab35209ec8f19d18eb');
INSERT INTO "asfs_upload_history" VALUES(8,'2026-11-26T05:57:51.302Z','real_first','YouTube','SUCCESS','2026-11-26T05:57:51.180561','MkT_7vnlAva',NULL,0,'08fdedf1e6e0a8bb92cc0d69547191e3335dcf08cdf12dab35209ec8f19d18eb');
INSERT INTO "asfs_upload_history" VALUES(9,'2026-11-26T05:57:51.345Z','real_first','YouTube','IN_PROGRESS','2026-11-26T05:57:51.302086',NULL,NULL,0,'08fdedf1e6e0a8bb92cc0d69547191e3335dcf08cdf12dab35209ec8f19d18eb');
INSERT INTO "asfs_upload_history" VALUES(10,'2026-11-26T05:57:51.538Z','real_after','YouTube','IN_PROGRESS','2026-11-26T05:57:51.465329',NULL,NULL,0,'a59178ec15ebeeb5cc705db8fddfb5d16519aa22aa4f65f8b6af4e7b449a5a36');
INSERT INTO "asfs_upload_history" VALUES(11,'2026-11-26T05:57:52.285Z','real_after','YouTube','SUCCESS','2026-11-26T05:57:51.538189','JxuWiXwHglh',NULL,0,'a59178ec15ebeeb5cc705db8fddfb5d16519aa22aa4f65f8b6af4e7b449a5a36');
INSERT INTO "asfs_upload_history" VALUES(12,'2026-11-26T05:57:52.389Z','real_after','YouTube','IN_PROGRESS','2026-11-26T05:57:52.285415',NULL,NULL,0,'a59178ec15ebeeb5cc705db8fddfb5d16519aa22aa4f65f8b6af4e7b449a5a36');
INSERT INTO "asfs_upload_history" VALUES(13,'2026-11-26T05:57:53.037Z','unclear','YouTube','IN_PROGRESS','2026-11-26T05:57:52.667120',NULL,NULL,0,'a0d08c50705544ec7b8188d29cfe786890078bf592a243007bf8526938365556');
INSERT INTO "asfs_upload_history" VALUES(14,'2026-11-26T05:57:53.807Z','settled','YouTube','IN_PROGRESS','2026-11-26T05:57:53.258351',NULL,NULL,0,'ab9c21acd58ee66613dcddbf9e4c3608caede84736bbd74e0c9554a993a3c6bf');
INSERT INTO "asfs_upload_history" VALUES(15,'2026-11-26T05:57:53.912Z','settled','YouTube','BLOCKED','2026-11-26T05:57:53.807767',NULL,'YouTube no longer knows the upload, all of which had been sent: YouTube answered HTTP 404 notFound: Not Found; the post may be live: look on YouTube, then: asfs-videos settle settled YouTube live|not-live',0,'ab9c21acd58ee66613dcddbf9e4c3608caede84736bbd74e0c9554a993a3c6bf');
INSERT INTO "asfs_upload_history" VALUES(16,'2026-11-26T05:57:56.924Z','never','YouTube','IN_PROGRESS','2026-11-26T05:57:56.831224',NULL,NULL,0,'b4f5a662b07dc45b08036803bd6f9eae17f647fab01fd23568d4bcd065cea70d');
CREATE TABLE asfs_webhooks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    delivery TEXT NOT NULL UNIQUE,          -- the same over all tries, so that a receiver can drop repeats
    webhook TEXT NOT NULL,                  -- SHA-256 of its url; '': the file could not be read, all in it are meant
    event TEXT NOT NULL,
    video_id TEXT NOT NULL,
    platform TEXT NOT NULL,
    attempt_id INTEGER,                     -- NULL: a person's answer about another program's upload
    body TEXT NOT NULL,                     -- what is posted
    created_at INTEGER NOT NULL,            -- unix ms, like the next
    next_at INTEGER NOT NULL,               -- not before; ahead while a process delivers it
    lent INTEGER NOT NULL DEFAULT 0,        -- 1: until next_at somebody is delivering it
    tries INTEGER NOT NULL DEFAULT 0,
    given_up INTEGER NOT NULL DEFAULT 0,
    error TEXT                              -- why the last try failed
);
INSERT INTO "asfs_webhooks" VALUES(1,'56acfd0ee4607ae69f263eba0e4cf637','','uploaded','never','YouTube',13,'{"event":"uploaded","at":"2026-11-26T05:57:56.925000Z","practice":true,"video_id":"never","title":"never","platform":"YouTube","status":"SUCCESS","post_id":"Rdnpan7ukM4","link":"http://127.0.0.1:34717/watch?v=Rdnpan7ukM4","error":null,"attempt":13}',1795672676925,1795672676925,0,0,0,NULL);
CREATE TABLE video_uploads (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    video_id TEXT NOT NULL,
    platform TEXT NOT NULL,
    upload_status TEXT NOT NULL,
    upload_timestamp TEXT NOT NULL,
    platform_post_id TEXT,
    error_message TEXT,
    retry_count INTEGER DEFAULT 0,
    FOREIGN KEY (video_id) REFERENCES videos(id),
    UNIQUE(video_id, platform)
);
INSERT INTO "video_uploads" VALUES(1,'failed_before','YouTube','SUCCESS','2026-11-26T05:57:50.170048','qZQdAwkUGqN',NULL,0);
INSERT INTO "video_uploads" VALUES(2,'failed_before','TikTok','FAILED_FINAL','2026-02-11T08:11:00.000001',NULL,'the real platform was down',4);
INSERT INTO "video_uploads" VALUES(3,'insta','YouTube','SUCCESS','2026-02-11T08:10:00.000001','dQw4w9WgXcQ',NULL,0);
INSERT INTO "video_uploads" VALUES(4,'posted','YouTube','SUCCESS','2026-11-26T05:57:49.606461','24rXRrK1naP',NULL,0);
INSERT INTO "video_uploads" VALUES(5,'posted','TikTok','SUCCESS','2026-11-26T05:57:49.791469','7534773216230710110',NULL,0);
INSERT INTO "video_uploads" VALUES(6,'posted','Instagram','SUCCESS','2026-11-26T05:57:49.978012','17925036637930338',NULL,0);
INSERT INTO "video_uploads" VALUES(7,'failed','YouTube','FAILED','2026-11-26T05:57:50.395853',NULL,'YouTube took the video but could not process it: conversion',1);
INSERT INTO "video_uploads" VALUES(8,'real_first','YouTube','SUCCESS','2026-11-26T05:57:51.345756','NYerZiS-la3',NULL,0);
INSERT INTO "video_uploads" VALUES(9,'real_after','YouTube','SUCCESS','2026-11-26T05:57:52.389325','QZ-KfbnHAhk',NULL,0);
INSERT INTO "video_uploads" VALUES(10,'unclear','YouTube','BLOCKED','2026-11-26T05:57:53.037746',NULL,'YouTube no longer knows the upload, all of which had been sent: YouTube answered HTTP 404 notFound: Not Found; the post may be live: look on YouTube, then: asfs-videos settle unclear YouTube live|not-live',0);
INSERT INTO "video_uploads" VALUES(11,'settled','YouTube','SUCCESS','2026-11-26T05:57:53.911929','abcdefghijk',NULL,0);
INSERT INTO "video_uploads" VALUES(12,'running','YouTube','IN_PROGRESS','2026-11-26T05:57:54.074827',NULL,NULL,0);
INSERT INTO "video_uploads" VALUES(13,'never','YouTube','SUCCESS','2026-11-26T05:57:56.924734','Rdnpan7ukM4',NULL,0);
CREATE TABLE videos (
    id TEXT PRIMARY KEY,
    file_path TEXT NOT NULL,
    title TEXT,
    created_at TEXT NOT NULL,
    duration REAL,
    checksum TEXT,
    duplicate_allowed INTEGER DEFAULT 0
);
INSERT INTO "videos" VALUES('failed','clips/failed.mp4','failed','2026-11-26T05:57:45.692800',1.0,'0e20b84ac89fde263a3fb3fb2b9cee57cf3097e7312a00f7bb2eab9d13a7b8cf',0);
INSERT INTO "videos" VALUES('failed_before','clips/failed_before.mp4','failed_before','2026-11-26T05:57:45.868966',1.0,'8fe6beff491afe3a68726785ba049001b0f7450d104f926412f6831304281a15',0);
INSERT INTO "videos" VALUES('insta','clips/insta.mp4','insta','2026-11-26T05:57:46.368998',1.0,'87c8f7edd75116e37aa0286253aac21f5b76dfc4adf0cbee8d828e299c4ae38f',0);
INSERT INTO "videos" VALUES('never','clips/never.mp4','never','2026-11-26T05:57:46.485119',1.0,'b4f5a662b07dc45b08036803bd6f9eae17f647fab01fd23568d4bcd065cea70d',0);
INSERT INTO "videos" VALUES('posted','clips/posted.mp4','posted','2026-11-26T05:57:46.918890',1.0,'bffa5f9788138566354707babf66122a01c00d89ca54957db523c353a20adf94',0);
INSERT INTO "videos" VALUES('queued','clips/queued.mp4','queued','2026-11-26T05:57:47.087516',1.0,'e88ae5c4034c69d282e11d5c8be2823956c2b6108ac2b58124d3a98a82570c54',0);
INSERT INTO "videos" VALUES('real_after','clips/real_after.mp4','real_after','2026-11-26T05:57:47.487560',1.0,'a59178ec15ebeeb5cc705db8fddfb5d16519aa22aa4f65f8b6af4e7b449a5a36',0);
INSERT INTO "videos" VALUES('real_first','clips/real_first.mp4','real_first','2026-11-26T05:57:47.652917',1.0,'08fdedf1e6e0a8bb92cc0d69547191e3335dcf08cdf12dab35209ec8f19d18eb',0);
INSERT INTO "videos" VALUES('running','clips/running.mp4','running','2026-11-26T05:57:48.043547',1.0,'115bac5cdc6358ed03e23e7bc657a49b47afeec4e3e2e879b7f77536fa19c7a2',0);
INSERT INTO "videos" VALUES('settled','clips/settled.mp4','settled','2026-11-26T05:57:48.277411',1.0,'ab9c21acd58ee66613dcddbf9e4c3608caede84736bbd74e0c9554a993a3c6bf',0);
INSERT INTO "videos" VALUES('unclear','clips/unclear.mp4','unclear','2026-11-26T05:57:48.844091',1.0,'a0d08c50705544ec7b8188d29cfe786890078bf592a243007bf8526938365556',0);
CREATE INDEX idx_video_uploads_status ON video_uploads(video_id, platform, upload_status);
CREATE INDEX asfs_videos_checksum ON videos(checksum);
CREATE UNIQUE INDEX asfs_attempts_open ON asfs_attempts(video_id, platform) WHERE open = 1;
CREATE INDEX asfs_attempts_video ON asfs_attempts(video_id, platform);
CREATE INDEX asfs_upload_history_video ON asfs_upload_history(video_id, platform);
CREATE TRIGGER asfs_video_inserted AFTER INSERT ON videos
BEGIN
    DELETE FROM asfs_changes WHERE video_id IS NEW.id;
    INSERT INTO asfs_changes(video_id) VALUES (NEW.id);
END;
CREATE TRIGGER asfs_video_updated AFTER UPDATE ON videos
BEGIN
    DELETE FROM asfs_changes WHERE video_id IS NEW.id;
    INSERT INTO asfs_changes(video_id) VALUES (NEW.id);
END;
CREATE TRIGGER asfs_video_renamed AFTER UPDATE OF id ON videos WHEN OLD.id IS NOT NEW.id
BEGIN
    DELETE FROM asfs_changes WHERE video_id IS OLD.id;
    INSERT INTO asfs_changes(video_id) VALUES (OLD.id);
END;
CREATE TRIGGER asfs_video_deleted AFTER DELETE ON videos
BEGIN
    DELETE FROM asfs_changes WHERE video_id IS OLD.id;
    INSERT INTO asfs_changes(video_id) VALUES (OLD.id);
END;
CREATE TRIGGER asfs_upload_inserted AFTER INSERT ON video_uploads
BEGIN
    DELETE FROM asfs_changes WHERE video_id IS NEW.video_id;
    INSERT INTO asfs_changes(video_id) VALUES (NEW.video_id);
END;
CREATE TRIGGER asfs_upload_updated AFTER UPDATE ON video_uploads
BEGIN
    DELETE FROM asfs_changes WHERE video_id IS NEW.video_id;
    INSERT INTO asfs_changes(video_id) VALUES (NEW.video_id);
END;
CREATE TRIGGER asfs_upload_moved AFTER UPDATE OF video_id ON video_uploads
WHEN OLD.video_id IS NOT NEW.video_id
BEGIN
    DELETE FROM asfs_changes WHERE video_id IS OLD.video_id;
    INSERT INTO asfs_changes(video_id) VALUES (OLD.video_id);
END;
CREATE TRIGGER asfs_upload_deleted AFTER DELETE ON video_uploads
BEGIN
    DELETE FROM asfs_changes WHERE video_id IS OLD.video_id;
    INSERT INTO asfs_changes(video_id) VALUES (OLD.video_id);
END;
CREATE TRIGGER asfs_upload_updating BEFORE UPDATE ON video_uploads
WHEN (OLD.video_id, OLD.platform, OLD.upload_status, OLD.upload_timestamp, OLD.platform_post_id,
      OLD.error_message, OLD.retry_count)
     IS NOT (NEW.video_id, NEW.platform, NEW.upload_status, NEW.upload_timestamp, NEW.platform_post_id,
             NEW.error_message, NEW.retry_count)
BEGIN
    SELECT RAISE(IGNORE)
    WHERE OLD.upload_status = 'SUCCESS' AND NEW.upload_status IN ('BLOCKED', 'RATE_LIMITED');
    INSERT INTO asfs_upload_history(video_id, platform, upload_status, upload_timestamp, platform_post_id,
                                    error_message, retry_count, checksum)
    SELECT OLD.video_id, OLD.platform, OLD.upload_status, OLD.upload_timestamp, OLD.platform_post_id,
           OLD.error_message, OLD.retry_count, (SELECT checksum FROM videos WHERE id = OLD.video_id);
END;
CREATE TRIGGER asfs_upload_deleting BEFORE DELETE ON video_uploads
BEGIN
    INSERT INTO asfs_upload_history(video_id, platform, upload_status, upload_timestamp, platform_post_id,
                                    error_message, retry_count, checksum)
    SELECT OLD.video_id, OLD.platform, OLD.upload_status, OLD.upload_timestamp, OLD.platform_post_id,
           OLD.error_message, OLD.retry_count, (SELECT checksum FROM videos WHERE id = OLD.video_id);
END;
CREATE TRIGGER asfs_upload_replacing BEFORE INSERT ON video_uploads
WHEN EXISTS (SELECT 1 FROM video_uploads WHERE video_id = NEW.video_id AND platform = NEW.platform)
BEGIN
    SELECT RAISE(IGNORE) FROM video_uploads
    WHERE video_id = NEW.video_id AND platform = NEW.platform AND upload_status = 'SUCCESS'
      AND NEW.upload_status IN ('BLOCKED', 'RATE_LIMITED');
    INSERT INTO asfs_upload_history(video_id, platform, upload_status, upload_timestamp, platform_post_id,
                                    error_message, retry_count, checksum)
    SELECT video_id, platform, upload_status, upload_timestamp, platform_post_id,
           error_message, retry_count, (SELECT checksum FROM videos WHERE id = NEW.video_id)
    FROM video_uploads WHERE video_id = NEW.video_id AND platform = NEW.platform;
END;
CREATE TRIGGER asfs_history_once BEFORE INSERT ON asfs_upload_history
WHEN EXISTS (
    SELECT 1 FROM (SELECT * FROM asfs_upload_history
                   WHERE video_id IS NEW.video_id AND platform IS NEW.platform ORDER BY id DESC LIMIT 1) newest
    WHERE (newest.upload_status, newest.upload_timestamp, newest.platform_post_id, newest.error_message,
           newest.retry_count)
          IS (NEW.upload_status, NEW.upload_timestamp, NEW.platform_post_id, NEW.error_message, NEW.retry_count))
BEGIN
    SELECT RAISE(IGNORE);
END;
CREATE INDEX asfs_attempts_checksum ON asfs_attempts(checksum, platform);
CREATE INDEX asfs_post_checks_due ON asfs_post_checks(due_at);
CREATE INDEX asfs_slots_at ON asfs_slots(platform, at);
CREATE INDEX asfs_uploads_posted ON video_uploads(platform, upload_timestamp)
WHERE upload_status = 'SUCCESS';
CREATE INDEX asfs_attempts_waits ON asfs_attempts(platform, id) WHERE state = 'rate_limited';
CREATE INDEX asfs_attempts_running ON asfs_attempts(platform) WHERE state = 'running';
CREATE INDEX asfs_queue_next ON asfs_queue(platform, practice, held, session, ready_at, place);
CREATE INDEX asfs_queue_missable ON asfs_queue(platform, practice, series) WHERE if_missed = 'next';
CREATE INDEX asfs_upload_history_posted ON asfs_upload_history(video_id, platform)
WHERE upload_status = 'SUCCESS';
CREATE INDEX asfs_webhooks_due ON asfs_webhooks(given_up, next_at);
CREATE TRIGGER asfs_queue_added AFTER INSERT ON asfs_queue
BEGIN
    UPDATE asfs_queue_changes SET count = count + 1;
END;
CREATE TRIGGER asfs_queue_altered AFTER UPDATE ON asfs_queue
BEGIN
    UPDATE asfs_queue_changes SET count = count + 1;
END;
CREATE TRIGGER asfs_queue_removed AFTER DELETE ON asfs_queue
BEGIN
    UPDATE asfs_queue_changes SET count = count + 1;
END;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('asfs_changes',44);
INSERT INTO "sqlite_sequence" VALUES('asfs_upload_history',16);
INSERT INTO "sqlite_sequence" VALUES('video_uploads',13);
INSERT INTO "sqlite_sequence" VALUES('asfs_attempts',13);
INSERT INTO "sqlite_sequence" VALUES('asfs_webhooks',1);
COMMIT;