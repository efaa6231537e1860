"""The results folder and the leaderboard made from it."""
