case Ltailcall: emit(Ltail, node->ltail_lnum); break;
c->ltail_lnum = deltaIndexEntries[0];
/* LDFLAGS: -ltaihen_stub -ltaichi_core */
int squirreltail = defaultAiConfig.x;
