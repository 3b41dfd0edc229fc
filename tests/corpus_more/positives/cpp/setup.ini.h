#define ALI_AK «id»
#define ALI_SK «sec»
#define STR(x) #x
