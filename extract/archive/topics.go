package archive

import (
	"fmt"
	"strings"
)

// topics reads topics from four columns, a list, or text that joins them.
func (st *statement) topics() {
	dataType := st.source.dataType("topics")
	switch {
	case dataType == "":
		st.topicColumns("given_topic0", "given_topic1", "given_topic2", "given_topic3")
	case strings.HasSuffix(dataType, "[]"):
		st.topicList("given_topics")
	case strings.HasPrefix(dataType, "STRUCT"):
		st.topicList(repeated(dataType))
	default:
		st.joinedTopics()
	}
}

// topicColumns reads topics from four SQL values; after the first missing one all must be
// missing.
func (st *statement) topicColumns(given ...string) {
	var bad, shown []string
	for i, topic := range given {
		shown = append(shown, st.show(topic))
		if st.isText {
			topic = "nullif(" + topic + ", '')"
		}
		bad = append(bad, st.bytes(fmt.Sprintf("topic%d", i), topic, 32))
		if i > 0 {
			bad = append(bad, fmt.Sprintf("topic%d is not null and topic%d is null", i, i-1))
		}
	}
	st.check("("+strings.Join(bad, " or ")+")", st.topicWords(), "concat_ws(', ', "+strings.Join(shown, ", ")+")")
}

func (st *statement) topicList(list string) {
	st.numbered = append(st.numbered, list+" as topic_list")
	st.check("len(topic_list) > 4 or list_count(topic_list) < len(topic_list)", st.topicWords(), "cast(topic_list as varchar)")
	st.topicColumns("topic_list[1]", "topic_list[2]", "topic_list[3]", "topic_list[4]")
}

func (st *statement) topicWords() string { return "up to four topics, each " + st.hexWords(32) }

// repeated is the SQL of the list in the struct that BigQuery may write for a
// repeated field.
func repeated(dataType string) string {
	field := "element"
	if strings.Contains(dataType, "item") {
		field = "item"
	}
	return fmt.Sprintf("list_transform(given_topics.list, lambda x: x.%s)", field)
}

// joinedTopics reads "0x..,0x.." or the text of a JSON or Python list. Topics are all of
// one length, so they are cut out by position; the checks find what does not fit.
func (st *statement) joinedTopics() {
	st.numbered = append(st.numbered,
		"nullif(nullif(case when contains(given_topics, ' ') then replace(given_topics, ' ', '') else given_topics end, ''), '[]') as topics_text")
	const isList = "starts_with(topics_text, '[')"
	st.cut = append(st.cut, "case when "+isList+" then 3 else 1 end as topic_start", "case when "+isList+" then 69 else 67 end as topic_step")
	st.check(fmt.Sprintf("strlen(topics_text) > 277 or strlen(topics_text) %% 69 <> 1 and %[1]s or strlen(topics_text) %% 67 <> 66 and not %[1]s", isList),
		st.topicWords(), "given_topics")
	for i := range 4 {
		st.split = append(st.split, fmt.Sprintf("substr(topics_text, topic_start + %d * topic_step, 66) as topic%d_text", i, i))
	}
	st.topicColumns("topic0_text", "topic1_text", "topic2_text", "topic3_text")
}
