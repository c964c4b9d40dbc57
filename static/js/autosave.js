// Answers are saved as they are given; see quizzes.
